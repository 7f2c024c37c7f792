"""What a chapter is: its declaration, its state and how untrusted values become one."""
