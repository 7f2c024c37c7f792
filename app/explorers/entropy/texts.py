"""The longer texts of the entropy explorer."""

from ...contract.explorer import Card

CARDS = (
    Card(
        "Shannon’s promise",
        "<p class=gauge data-var=excess role=img aria-label='The Huffman length lies between H "
        "and H + 1'><span class=track><span class=dot></span></span>"
        "<span class=ends><span>H {entropy_bits}</span><span>H + 1</span></span></p>"
        "<p>The best prefix code spends L = <b>{huffman_length}</b> bits an outcome: never "
        "less than H, always less than H + 1. Its codewords fill the code space: Kraft sum "
        "<b>{kraft_sum}</b>; Shannon’s reach "
        "<b>{kraft_sum_shannon}</b>, and what is missing to 1 stays empty.</p>"
        "<p class=aside>In a prefix code no codeword begins another, so a message needs no "
        "gaps. Shannon’s rounds each ideal length up; Huffman’s is the shortest there is. The "
        "Kraft sum, of ½ to the power of each length, is the share of all code space used.</p>"
        "<p class=aside>Codewords are made of bits, so this card and the table count bits in "
        "either unit.</p>",
    ),
    Card(
        "With your numbers",
        r"$$H=-\sum_i p_i\,@log@\,p_i=@entropy@\;@unit@$$"
        r"$$@log@\,@count@=@max_entropy@\qquad\frac{@entropy@}{@max_entropy@}="
        r"@efficiency@\,\%$$"
        "<p>The surprise at an outcome is −{log} p. H is its average, so it is largest when "
        "no outcome is more expected than another, and 0 when one is certain. "
        "{zero}</p>",
    ),
    Card(
        "Try this",
        "<ol><li>Lock one outcome and make H as large as you can. What do the others "
        "do?</li><li>Find a source whose Huffman code wastes nothing: L = H.</li>"
        "<li>Turn the temperature to 0, then up to 5. Where does H go?</li></ol>",
    ),
)
