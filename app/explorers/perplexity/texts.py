"""What the perplexity page says, and the sentences that depend on its state."""

from __future__ import annotations

from infocore.language import UNKNOWN

from ...contract.explorer import Card, Group, Picture, Readout, Table

LEDE = (
    "The less a model gave to the token that came, the darker it is. The average surprise, turned "
    "back into a number of equally likely choices, is the perplexity."
)
DOCUMENTATION = (
    "If the object has no such method, an exception is raised. The value of the expression is "
    "the first argument of the function. The penguin is returned to the caller."
)
_TOKENS = ("The", " cat", " sat", " on", " the", " mat", " and", " purred", " softly", ".")
_WEAK = (5.298317, 4.60517, 4.828314, 3.912023, 5.809143, 4.199705, 4.961845, 4.422849, 4.710531,
         5.115996)  # fmt: skip
_BETTER = (1.89712, 2.525729, 2.120264, 1.609438, 2.995732, 2.302585, 2.65926, 1.714798, 2.407946,
           2.813411)  # fmt: skip


def _csv(costs: tuple[float, ...]) -> str:
    rows = (f"{token},-{cost}" for token, cost in zip(_TOKENS, costs, strict=True))
    return "\n".join(["token,logprob", *rows])


WEAK, BETTER = _csv(_WEAK), _csv(_BETTER)

READOUTS = (
    Readout("perplexity", "perplexity per token", unit="choices", digits=2, role="q"),
    Readout("bits_per_character", "bits per character", unit="bits", digits=3),
    Readout("bits_per_byte", "bits per byte", unit="bits", digits=3),
    Readout("surprise", "surprise per token", digits=3),
    Readout("loss", "loss per token", unit="nats", card=False),
    Readout("token_count", "tokens", unit="", digits=0, card=False),
    Readout("character_count", "characters", unit="", digits=0, card=False),
    Readout("byte_count", "bytes in UTF-8", unit="", digits=0, card=False),
    Readout("perplexity_before", "perplexity before", unit="", digits=1, card=False),
    Readout("perplexity_after", "perplexity after", unit="", digits=1, card=False),
    Readout("asked_loss", "loss of the perplexity to convert", digits=4, card=False),
)
GROUPS = (
    Group("What is scored", {"scored": "", "text": ""}, role="q", hint=(
        "Any text of up to 2 000 characters."
    )),
    Group("The model", {"model": "", "tokens": ""}, role="p", hint=(
        "Uniform: all tokens alike. Unigram: how often each stood in the text that was learned "
        "from. Bigram and trigram: after the one or the two tokens before. {learned}"
    )),
    Group("Log-probabilities of another model", {"log_probs": ""}, hint=(
        "One token a line, a comma, its natural log-probability; or a JSON list of "
        "<code>{\"token\": …, \"logprob\": …}</code>. Choose “log-probabilities” above to see it. "
        "{given}"
    )),
    Group("Files", {}, work=("corpus", "scores", "forget"), needs="Reading your files", hint=(
        "A text to learn from, up to 5 MB, or log-probabilities as CSV or JSON. Files stay in this "
        "session; links do not carry them."
    )),
    Group("Loss and perplexity", {
        "loss_before": "from", "loss_after": "to", "asked": "perplexity"
    }, hint=(
        "A loss of {loss_before} nats is perplexity {perplexity_before}; {loss_after} nats is "
        "{perplexity_after}. A perplexity of {asked} is a loss of {asked_loss} {unit}."
    )),
)  # fmt: skip
PRESETS = {
    "Its own world": {"text": DOCUMENTATION},
    "Another world": {"text": "The quick brown fox jumps over the lazy dog."},
    "Over and over": {"text": "the end of the end of the end of the end of the end of the end."},
    "Letter by letter": {"text": DOCUMENTATION, "tokens": "characters", "model": "trigram"},
    "Ten tokens, weak model": {"scored": "log-probabilities", "log_probs": WEAK},
    "Ten tokens, better model": {"scored": "log-probabilities", "log_probs": BETTER},
}
PICTURES = (
    Picture(
        "surprise", "The surprise of each token",
        "surprise of each token, −{log} p, in {unit}; the dotted height is their average "
        "<b>{surprise}</b>, and {base_name} to that power is <b class=q>{perplexity}</b>",
    ),
    Picture(
        "ladder", "A ladder of perplexities on a logarithmic scale",
        "<b class=p>rough figures</b> for English, and <b class=q>yours</b>: equal steps to the "
        "left divide the choices by equal factors",
        "hero", below=True,
    ),
    Picture(
        "tokenisations", "Bits per character of the text, cut into words and into characters",
        "the text above cut into <b class=p>words</b> and into <b class=q>characters</b>: bars are "
        "bits per character and may be compared; the numbers on them, perplexities, may not",
        below=True,
    ),
)  # fmt: skip
TABLES = (
    Table(
        "compared", "Perplexity, and bits per character", "compared",
        {
            "model": ("model", None),
            "perplexity_words": ("words", 2),
            "perplexity_characters": ("characters", 2),
            "bits_words": ("words, bits", 3),
            "bits_characters": ("characters, bits", 3),
        },
        live=True,
    ),
    Table(
        "mine", "Yours on the ladder", "mine",
        {"name": ("what", None), "start": ("from", 2), "perplexity": ("perplexity", 2)},
    ),
    Table(
        "rungs", "Rough figures on the ladder", "rungs",
        {"name": ("model", None), "perplexity": ("perplexity", 0)},
    ),
    Table(
        "tokens", "The tokens", "tokens",
        {
            "shown": ("token", None), "surprise": ("surprise", 3), "p": ("probability", 6),
            "expected": ("what the model expected", None),
        },
    ),
)  # fmt: skip
CARDS = (
    Card(
        "With your numbers",
        r"$$\text{perplexity}=e^{-\frac1n\sum_i\ln p_i}=e^{@loss@}=@perplexity@$$"
        "<p>over n = {token_count} tokens. {reading}</p>",
    ),
    Card(
        "Do not compare perplexities of different tokens",
        "<p>Perplexity counts choices <em>per token</em>. Cut the same text into letters and there "
        "are more tokens, each easier: the perplexity falls though nothing was understood better. "
        "Read the table across: the perplexities of words and letters are worlds apart. Bits per "
        "character, or per byte, divide the same whole cost by something that the tokeniser "
        "cannot change, so they may be compared.</p>"
        "<p class=aside>That holds because an unknown word is paid for in full here: first "
        "for being unknown, then letter by letter.</p>",
    ),
    Card(
        "What you see",
        "<p>Training a language model is minimising the average of −ln p over the tokens that "
        "came: the cross-entropy between the text and the model. Perplexity is its exponential, "
        "the number of equally likely choices that would surprise as much. A loss that falls from "
        "10.8 to 3.0 nats takes the model from guessing among 50 000 words to hesitating between "
        "20.</p><p class=aside>The ladder’s figures come from different English texts and word "
        "lists (Jurafsky and Martin; Merity et al. 2018; Dai et al. 2019), so only their size "
        "counts.</p>",
    ),
    Card(
        "Try this",
        "<ol><li>Switch from unigram to bigram. Which tokens turn light, and which one turns "
        "darker?</li><li>Put in a word that the manual cannot know. What do its neighbours pay?"
        "</li><li>Switch to characters: perplexity falls. Did the model improve?</li></ol>",
    ),
)
UNKNOWN_NOTE = "not in the vocabulary, so it is spelled letter by letter"


def visible(token: str) -> str:
    """Write a token as a reader can see it."""
    if token == UNKNOWN:
        return "(something unknown)"
    text = token[1:] if token[:1] == " " and len(token) > 1 else token
    return text.replace("\n", "↵").replace("\t", "⇥").replace(" ", "␣")


def words(
    own: bool, model: str, tokens: str, count: int, shown: int, size: int, learned: str,
    unit: str, file: str,
) -> dict[str, str]:  # fmt: skip
    """Return the sentences that depend on the state."""
    scores = f"of the file {file}" if file else "that were pasted"
    reading = (
        f"The text is cut into {tokens} and read by the {model} model, learned from {learned}."
        if own
        else f"The log-probabilities are those {scores}."
    )
    if shown < count:
        reading += f" The picture shows the first {shown} of {count} tokens; the numbers count all."
    return {
        "reading": reading,
        "learned": f"Learned from {learned}; {size} {tokens} are known.",
        "given": file and f"The file {file} counts in place of what is written here, until "
        "something new is written or a scene or Reset is chosen.",
        "base_name": "2" if unit == "bits" else "e",
    }  # fmt: skip
