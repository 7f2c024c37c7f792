"""How far rewards move a model, what that costs, and DPO's loss on a pair of answers."""
