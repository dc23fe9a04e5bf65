"""Kinds of files that people load into such tools, in numbers of our own, each with its right answer by hand.

A case has the bytes and what they say: x and y, the names of inputs and outputs, lines left out; or that it is refused.
"""

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILES = Path(__file__).parents[1] / "cases" / "tables"
Rows = list[list[float]]


@dataclass
class Case:
    """A file and what is right. `said` is a pattern of what a note, a reason or a refusal says."""

    name: str
    body: bytes
    x: Rows | None = None
    y: Rows | None = None
    features: list[str] | None = None
    classes: list[str] | None = None
    left_out: list[tuple[int, int | None]] = field(default_factory=list)
    said: str = ""
    query: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)  # of the answer
    status: int = 200


CASES: list[Case] = []


def case(name: str, body: str | bytes, *answer: Any, encoding: str = "utf-8", **more: Any) -> None:
    """One more: x, y, features, classes."""
    CASES.append(Case(name, body.encode(encoding) if isinstance(body, str) else body, *answer, **more))


def file(name: str, *answer: Any, **more: Any) -> None:
    """One of the files in tests/cases/tables."""
    case(name, (FILES / name).read_bytes(), *answer, **more)


def refused(name: str, body: str | bytes, said: str, status: int = 422, **more: Any) -> None:
    """One that cannot be read."""
    case(name, body, status=status, said=said, **more)


A = [[0.1, 0.2], [0.5, 0.7], [0.3, 0.9]]
B = [[0.0], [1.0], [1.0]]
N = ["x1", "x2"]

# --- the files --------------------------------------------------------------------------------------------------------

ENDS: Any = ...  # what is not written out
file(
    "label_first_named.tsv", ENDS, ENDS, ["Sepal length", "Sepal width", "Petal length", "Petal width"], ["0", "1", "2"]
)
file("data_brainjs_arrays.json", [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]])
file("data_brainjs_ragged.json", [[2, 26, 11, 8, 13, 4]], [[0, 1]], ENDS, ["h", "f"], left_out=[(2, None), (3, None)])
file("data_lines.jsonl", A[:2], B[:2], N, ["y"])
file("spaces_single.txt", [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]])
file("pipes.csv", A[:2], B[:2], N, ["y"])
file("comment_lines.csv", A[:2], B[:2], N, ["y"], said="2 lines are comments")
file("sep_line.csv", A[:2], B[:2], N, ["y"])
file("trailing_comma.csv", A, B, N, ["y"])
file(
    "quoted_decimal_comma.csv",
    [[124.3135, 0.5], [120.25, 0.7], [510.5, 0.1]],
    [[1, 0], [1, 0], [0, 1]],
    ["level", "flow"],
    ["Normal", "Attack"],
)
file(
    "categorical_input.csv",
    [[0.1, 1, 0, 0, 181], [0.3, 0, 1, 0, 239], [0, 0, 0, 1, 1032], [0.2, 1, 0, 0, 217], [0, 0, 0, 1, 1032]],
    [[1, 0], [1, 0], [0, 1], [1, 0], [0, 1]],
    ["duration", "protocol=tcp", "protocol=udp", "protocol=icmp", "bytes"],
    ["normal", "smurf"],
    said='"protocol" became protocol=tcp, protocol=udp, protocol=icmp',
)
file(
    "id_column.csv",
    [[5.1, 3.5, 1.4, 0.2], [4.9, 3, 1.4, 0.2], [7, 3.2, 4.7, 1.4], [6.4, 3.2, 4.5, 1.5], [6.3, 3.3, 6, 2.5]],
    [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]],
    ENDS,
    ["Iris-setosa", "Iris-versicolor", "Iris-virginica"],
    said="each row has a number of its own",
)
file("one_hot_targets.csv", ENDS, ENDS, ["sl", "sw", "pl", "pw"], ["a", "b", "c"], more={"cost": "cross_entropy"})
file(
    "unique_text_column.csv",
    [[154.89], [143.98], [144.53]],
    [[157.92], [142.19], [148.26]],
    ["open"],
    ["close"],
    said="dates",
)
file(
    "numeric_header.tsv",
    [[3.61, 8.66, -2.8, -0.44], [4.54, 8.16, -2.45, -1.46], [-1.39, 3.31, -1.39, -1.99], [-3.75, -13.45, 17.59, -2.77]],
    [[0], [0], [1], [1]],
    ["1", "2", "3", "4"],
    ["Forged"],
)

# --- delimiters, line ends, lines that are no rows --------------------------------------------------------------------

case("commas", "x1,x2,y\n0.1,0.2,0\n0.5,0.7,1\n0.3,0.9,1\n", A, B, N, ["y"])
case(
    "semicolons and decimal commas", "x1;x2;y\n0,1;0,2;0\n0,5;0,7;1\n0,3;0,9;1\n", A, B, N, ["y"], more={"decimal": ","}
)
case("tabs", "x1\tx2\ty\n0.1\t0.2\t0\n0.5\t0.7\t1\n0.3\t0.9\t1\n", A, B, N, ["y"], more={"delimiter": "\t"})
case(
    "runs of spaces", "  x1   x2 y\n  0.1  0.2 0\n 0.5   0.7 1\n0.3 0.9    1\n", A, B, N, ["y"], more={"delimiter": " "}
)
case("spaces with decimal commas", "x1 x2 y\n0,1 0,2 0\n0,5 0,7 1\n0,3 0,9 1", A, B, N, ["y"])
case("colons as asked for", "x1:x2:y\n0.1:0.2:0\n0.5:0.7:1\n0.3:0.9:1", A, B, N, ["y"], query={"delimiter": ":"})
case(
    "a delimiter asked for by name",
    "x1;x2;y\n0.1;0.2;0\n0.5;0.7;1\n0.3;0.9;1",
    A,
    B,
    N,
    ["y"],
    query={"delimiter": "semicolon"},
)
case("spaces after commas", 'x1, x2, y\n0.1, "0.2", 0\n0.5, 0.7, 1\n0.3, 0.9, 1\n', A, B, N, ["y"])
case(
    "pipes at both ends",
    "| x1 | x2 | y |\n|----|:--:|---|\n| 0.1 | 0.2 | 0 |\n| 0.5 | 0.7 | 1 |\n| 0.3 | 0.9 | 1 |",
    A,
    B,
    N,
    ["y"],
)
case("CR line ends", "x1,x2,y\r0.1,0.2,0\r0.5,0.7,1\r0.3,0.9,1\r", A, B, N, ["y"])
case("CRLF, no end of the last line", "x1,x2,y\r\n0.1,0.2,0\r\n0.5,0.7,1\r\n0.3,0.9,1", A, B, N, ["y"])
case("blank lines between", "x1,x2,y\n\n0.1,0.2,0\n\n\n0.5,0.7,1\n   \n0.3,0.9,1\n\n", A, B, N, ["y"])
case(
    "lines of delimiters only",
    "x1,x2,y\n0.1,0.2,0\n,,\n0.5,0.7,1\n0.3,0.9,1\n,,\n,,\n",
    A,
    B,
    N,
    ["y"],
    said="line 3 holds delimiters only",
)
case(
    "a title, then a blank line",
    "Measured on Monday\n\nx1,x2,y\n0.1,0.2,0\n0.5,0.7,1\n0.3,0.9,1\n",
    A,
    B,
    N,
    ["y"],
    left_out=[(1, None)],
)
case(
    "a title with delimiters behind it",
    "Measured on Monday,,\nx1,x2,y\n0.1,0.2,0\n0.5,0.7,1\n0.3,0.9,1\n",
    A,
    B,
    N,
    ["y"],
    left_out=[(1, None)],
)
case("names behind #", "# x1 x2 y\n0.1 0.2 0\n0.5 0.7 1\n0.3 0.9 1\n", A, B, N, ["y"])
case(
    "comments behind %",
    "% made by hand\nx1,x2,y\n0.1,0.2,0\n0.5,0.7,1\n% the end\n0.3,0.9,1",
    A,
    B,
    N,
    ["y"],
    said="2 lines are comments",
)
case(
    "colours that begin with #",
    "colour,x,y\n#ff0000,1,0.5\n#00ff00,2,0.7\n#ff0000,3,0.1\n#00ff00,5,2",
    [[0, 1], [1, 2], [0, 3], [1, 5]],
    [[0.5], [0.7], [0.1], [2]],
    ["colour=#00ff00", "x"],
    ["y"],
)
case("sep= with a tab", "sep=\t\nx1\tx2\ty\n0.1\t0.2\t0\n0.5\t0.7\t1\n0.3\t0.9\t1\n", A, B, N, ["y"])
case("delimiters at the ends of rows only", "x1,x2,y\n0.1,0.2,0,\n0.5,0.7,1,\n0.3,0.9,1,\n", A, B, N, ["y"])
case(
    "single quotation marks",
    "x1,x2,kind\n0.1,0.2,'a, b'\n0.5,0.7,'c'\n0.3,0.9,'c'\n",
    A,
    [[1, 0], [0, 1], [0, 1]],
    N,
    ["a, b", "c"],
)
case("a line break within quotes", 'x1,x2,"what\nit is"\n0.1,0.2,0\n0.5,0.7,1\n0.3,0.9,1\n', A, B, N, ["what it is"])
case(
    "delimiters and quotes within quotes",
    'x1,x2,kind\n0.1,0.2,"say ""a"", b"\n0.5,0.7,"c,d"\n0.3,0.9,"c,d"',
    A,
    [[1, 0], [0, 1], [0, 1]],
    N,
    ['say "a", b', "c,d"],
)
case("everything quoted", '"x1","x2","y"\n"0.1","0.2","0"\n"0.5","0.7","1"\n"0.3","0.9","1"\n', A, B, N, ["y"])
case(
    "a quote that never closes",
    'x1,x2,y\n0.1,0.2,0\n"0.4,0.4,1\n0.5,0.7,1\n0.3,0.9,1\n',
    A,
    B,
    N,
    ["y"],
    left_out=[(3, None)],
)
case(
    "something behind a closing quote",
    'x1,x2,y\n0.1,0.2,0\n"0.4"5,0.4,1\n0.5,0.7,1\n0.3,0.9,1\n',
    A,
    B,
    N,
    ["y"],
    left_out=[(3, None)],
)
case(
    "rows too short and too long",
    "x1,x2,y\n0.1,0.2,0\n0.4,1\n0.5,0.7,1\n1,2,3,4\n0.3,0.9,1",
    A,
    B,
    N,
    ["y"],
    left_out=[(3, None), (5, None)],
)

# --- names ------------------------------------------------------------------------------------------------------------

case(
    "no names",
    "0.1,0.2,0.5\n0.5,0.7,0.25\n0.3,0.9,0.75\n",
    A,
    [[0.5], [0.25], [0.75]],
    ["column 1", "column 2"],
    ["column 3"],
)
case(
    "names that are there are said not to be",
    "a,b,c\n1,2,d\n3,4,c",
    [[1, 2], [3, 4]],
    [[1, 0], [0, 1]],
    ENDS,
    ["d", "c"],
    query={"header": "false"},
    left_out=[(1, 1)],
)
case(
    "a first row that is said to be names",
    "1,2\n3,4\n5,6",
    [[3], [5]],
    [[4], [6]],
    ["1"],
    ["2"],
    query={"header": "true"},
)
case(
    "names that are numbers in order",
    "0,1,2,3\n0.1,0.2,0.5,1.5\n0.5,0.7,0.25,2.5\n",
    [[0.1, 0.2, 0.5], [0.5, 0.7, 0.25]],
    [[1.5], [2.5]],
    ["0", "1", "2"],
    ["3"],
)
case(
    "numbers in order that are none", "1,2,3,4\n2,3,4,5\n3,4,5,6\n", [[1, 2, 3], [2, 3, 4], [3, 4, 5]], [[4], [5], [6]]
)
case(
    "years as names",
    "place,1990,1991,1992\nnorth,1.5,2.5,3.5\nsouth,2.5,3.5,5.5\nwest,1,2,4",
    [[1.5, 2.5], [2.5, 3.5], [1, 2]],
    [[3.5], [5.5], [4]],
    ["1990", "1991"],
    ["1992"],
    said="come but once",
)
case(
    "names twice, and none",
    "a,a,,y\n1,2,3,0.5\n4,5,6,0.7\n",
    [[1, 2, 3], [4, 5, 6]],
    [[0.5], [0.7]],
    ["a", "a (2)", "column 3"],
    ["y"],
)
case("a very long name", f"{'n' * 5000},y\n1,2.5\n2,3.5\n", [[1], [2]], [[2.5], [3.5]], ["n" * 191 + "…"], ["y"])
case(
    "the counting column of pandas",
    ",x1,x2,y\n0,0.1,0.2,0\n1,0.5,0.7,1\n2,0.3,0.9,1\n",
    A,
    B,
    N,
    ["y"],
    said="counts the rows",
)
case("names of rows as R writes them", '"x1" "x2" "y"\n"a" 0.1 0.2 0\n"b" 0.5 0.7 1\n"c" 0.3 0.9 1', A, B, N, ["y"])
case("numbers of rows as R writes them", '"x1","x2","y"\n"1",0.1,0.2,0\n"2",0.5,0.7,1\n"3",0.3,0.9,1', A, B, N, ["y"])
case(
    "units below the names",
    "x1,x2,y\n(m),(s),(V)\n0.1,0.2,0\n0.5,0.7,1\n0.3,0.9,1\n",
    A,
    B,
    N,
    ["y"],
    left_out=[(2, 1)],
)
case(
    "names in other letters",
    "größe,вес,価格\n0.1,0.2,0.5\n0.5,0.7,0.25\n",
    A[:2],
    [[0.5], [0.25]],
    ["größe", "вес"],
    ["価格"],
)

# --- encodings --------------------------------------------------------------------------------------------------------

LETTERS = "länge,y\n0.1,0.5\n0.5,0.25\n"
L = ([[0.1], [0.5]], [[0.5], [0.25]], ["länge"], ["y"])
case("a byte order mark", LETTERS, *L, encoding="utf-8-sig", more={"encoding": "utf-8"})
case("UTF-16", LETTERS, *L, encoding="utf-16", more={"encoding": "utf-16"})
case("UTF-16, big end first", b"\xfe\xff" + LETTERS.encode("utf-16-be"), *L)
case("UTF-16 without a mark", LETTERS, *L, encoding="utf-16-le", more={"encoding": "utf-16le"})
case("Windows-1252", LETTERS, *L, encoding="cp1252", said="read as Windows-1252")
case(
    "Cyrillic as asked for",
    "вес,y\n0.1,0.5\n0.5,0.25\n",
    L[0],
    L[1],
    ["вес"],
    ["y"],
    encoding="cp1251",
    query={"encoding": "windows-1251"},
)
refused("UTF-8 that is none", "länge,y\n0.1,0.5".encode("cp1252"), "is not in utf-8", 400, query={"encoding": "utf-8"})

# --- numbers ----------------------------------------------------------------------------------------------------------

case(
    "thousands in quotes",
    'area,y\n"1,200",0.5\n"12,345.5",0.25\n950,0.75\n',
    [[1200], [12345.5], [950]],
    [[0.5], [0.25], [0.75]],
    ["area"],
    ["y"],
)
case(
    "thousands that may be decimals",
    'area,y\n"1,200",0.5\n"2,500",0.25\n',
    [[1200], [2500]],
    [[0.5], [0.25]],
    said="where a comma stands before the decimals, say so",
)
case(
    "the same, said to be decimals",
    'area,y\n"1,200",0.5\n"2,500",0.25\n',
    [[1.2], [2.5]],
    [[0.5], [0.25]],
    query={"decimal": ","},
)
case("German thousands", "area;y\n1.200,5;0,5\n12.345,0;0,25\n", [[1200.5], [12345]], [[0.5], [0.25]])
case(
    "thousands by gaps and by apostrophes",
    "area;b;y\n1 200;1'500;0.5\n12 345;950;0.25\n",
    [[1200, 1500], [12345, 950]],
    [[0.5], [0.25]],
)
case(
    "exponents and a real minus sign",
    "x,y\n1e-3,0.5\n−2.5E+2,0.25\n+.5,1.\n",
    [[0.001], [-250], [0.5]],
    [[0.5], [0.25], [1]],
)
case(
    "infinite and no numbers",
    "x,y\n1,0.5\ninf,0.25\n-Infinity,1\nNaN,2\n1e999,1\n3,0.75\n",
    [[1], [3]],
    [[0.5], [0.75]],
    left_out=[(3, 1), (4, 1), (5, 1), (6, 1)],
)
case("percent", "x,y\n5%,0.5\n12.5 %,0.25\n", [[5], [12.5]], [[0.5], [0.25]], said="without")
case("money", 'price of it,y\n$5,0.5\n"$1,250.50",0.25\n', [[5], [1250.5]], [[0.5], [0.25]], said="without")
case("euros behind decimal commas", "betrag;y\n5,50 €;0,5\n12,25 €;0,25\n", [[5.5], [12.25]], [[0.5], [0.25]])
case("centimetres", "size,y\n5.1 cm,0.5\n4.9 cm,0.25\n", [[5.1], [4.9]], [[0.5], [0.25]])
case("two units in a column", "size,b,y\n5.1 cm,1,0.5\n4.9 m,2,0.25\n", [[1], [2]], [[0.5], [0.25]], ["b"], ["y"])
case("codes that look like units", "code,b,y\n7a,1,0.5\n7b,2,0.25\n", [[1], [2]], [[0.5], [0.25]], ["b"], ["y"])
case(
    "whole numbers too long for a double",
    "x,y\n123456789012345678901234567890,0.5\n2,0.25\n",
    [[1.2345678901234568e29], [2]],
    [[0.5], [0.25]],
)
case(
    "words among numbers",
    "x,y\n1,0.5\nwide,0.25\n3,0.75\n4,1\n",
    [[1], [3], [4]],
    [[0.5], [0.75], [1]],
    left_out=[(3, 1)],
)

# --- missing cells ----------------------------------------------------------------------------------------------------

case(
    "missing cells of many kinds",
    "x,b,y\n1,1,0.5\n,2,1\nNA,2,1\n?,2,1\nnull,2,1\nN/A,2,1\n-,2,1\n" + "2,3,0.75\n" * 6,
    [[1, 1], *[[2, 3]] * 6],
    [[0.5], *[[0.75]] * 6],
    left_out=[(n, 1) for n in range(3, 9)],
)
case(
    "a column that is mostly empty",
    "x,cabin,y\n1,,0.5\n2,C85,0.25\n3,,0.75\n",
    [[1], [2], [3]],
    [[0.5], [0.25], [0.75]],
    ["x"],
    ["y"],
    said="empty in 2 of 3 rows",
)
case(
    "an empty column with a name",
    "x,none,y\n1,,0.5\n2,,0.25\n",
    [[1], [2]],
    [[0.5], [0.25]],
    ["x"],
    ["y"],
    said="it is empty",
)
case(
    "a missing word",
    "x,kind\n1,a\n2,\n3,b\n4,a\n",
    [[1], [3], [4]],
    [[1, 0], [0, 1], [1, 0]],
    ["x"],
    ["a", "b"],
    left_out=[(3, 2)],
)

# --- what columns are for ---------------------------------------------------------------------------------------------

case(
    "TRUE and FALSE",
    "x,flag,y\n1,TRUE,0.5\n2,FALSE,0.25\n3,TRUE,0.75\n",
    [[1, 1], [2, 0], [3, 1]],
    [[0.5], [0.25], [0.75]],
    ["x", "flag"],
    ["y"],
)
case(
    "yes and no as targets",
    "x,won\n1,yes\n2,no\n3,yes\n",
    [[1], [2], [3]],
    [[1], [0], [1]],
    ["x"],
    ["won"],
    query={"role.won": "target"},
    more={"activation": "sigmoid"},
)
case(
    "two words as an input",
    "sex,x,y\nmale,1,0.5\nfemale,2,0.25\nmale,3,0.75\n",
    [[0, 1], [1, 2], [0, 3]],
    [[0.5], [0.25], [0.75]],
    ["sex=female", "x"],
    ["y"],
)
case(
    "words last, no names",
    "5.1,3.5,setosa\n7,3.2,versicolor\n4.9,3,setosa\n",
    [[5.1, 3.5], [7, 3.2], [4.9, 3]],
    [[1, 0], [0, 1], [1, 0]],
    ENDS,
    ["setosa", "versicolor"],
)
case(
    "words first, no names",
    "a,5.1,3.5\nb,7,3.2\na,4.9,3\n",
    [[5.1, 3.5], [7, 3.2], [4.9, 3]],
    [[1, 0], [0, 1], [1, 0]],
    ["column 2", "column 3"],
    ["a", "b"],
)
case(
    "numbers first by kind",
    "1,14.25,1.75,110.5\n2,12.5,1.25,98.25\n3,13.5,2.5,99.5\n" * 3,
    [[14.25, 1.75, 110.5], [12.5, 1.25, 98.25], [13.5, 2.5, 99.5]] * 3,
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]] * 3,
    ENDS,
    ["1", "2", "3"],
)
case(
    "a few whole numbers last",
    "0.5,0\n0.7,1\n0.1,2\n" * 3,
    [[0.5], [0.7], [0.1]] * 3,
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]] * 3,
    ENDS,
    ["0", "1", "2"],
)
case(
    "785 columns with their labels first",
    "label,"
    + ",".join(f"p{k}" for k in range(784))
    + "\n"
    + "".join(f"{d}," + ",".join(["0"] * 783 + [str(d)]) + "\n" for d in (3, 5, 3)),
    [[*[0] * 783, d] for d in (3, 5, 3)],
    [[1, 0], [0, 1], [1, 0]],
    ENDS,
    ["3", "5"],
)
case(
    "785 columns without names",
    "".join(f"{d}," + ",".join([str(d * 20)] * 784) + "\n" for d in (3, 5, 3, 5, 3, 5)),
    [[d * 20] * 784 for d in (3, 5, 3, 5, 3, 5)],
    [[1, 0], [0, 1]] * 3,
    ENDS,
    ["3", "5"],
)
case(
    "a target in the middle by name", "x1,target,x2\n0.1,0.5,0.2\n0.5,0.25,0.7\n", A[:2], [[0.5], [0.25]], N, ["target"]
)
case(
    "several targets by name",
    "x1,x2,y1,y2\n0.1,0.2,0.5,1.5\n0.5,0.7,0.25,2.5\n",
    A[:2],
    [[0.5, 1.5], [0.25, 2.5]],
    N,
    ["y1", "y2"],
)
case(
    "targets of −1 and 1",
    "x,y\n0.1,-1\n0.5,1\n0.3,-1",
    [[0.1], [0.5], [0.3]],
    [[-1], [1], [-1]],
    more={"activation": "tanh"},
)
case(
    "a function of whole numbers in order",
    "x,y\n0,0\n1,1\n2,4\n3,9\n",
    [[0], [1], [2], [3]],
    [[0], [1], [4], [9]],
    ["x"],
    ["y"],
)
case(
    "ids without a name",
    "842302,0.5,M\n842517,0.7,B\n843009,0.1,M\n843483,0.2,M\n843584,0.3,B\n",
    [[0.5], [0.7], [0.1], [0.2], [0.3]],
    [[1, 0], [0, 1], [1, 0], [1, 0], [0, 1]],
    ["column 2"],
    ["M", "B"],
)
case(
    "names of people",
    'id,name,age,survived\n1,"Ba, Mr. O",22,0\n2,"Cu, Mrs. J",38,1\n3,"He, Miss. L",26,1\n4,"Fu, Mr. A",35,0\n',
    [[22], [38], [26], [35]],
    [[1, 0], [0, 1], [0, 1], [1, 0]],
    ["age"],
    ["0", "1"],
    said="come but once",
)
case(
    "dates and times",
    "when,at,x,y\n1/2/2019,08:15,1,0.5\n1/3/2019,09:30,2,0.25\n1/3/2019,10:30,3,0.25",
    [[1], [2], [3]],
    [[0.5], [0.25], [0.25]],
    ["x"],
    ["y"],
    said="dates or times",
)
case("dates of digits", "date,x,y\n20190102,1,0.5\n20190103,2,0.25\n", [[1], [2]], [[0.5], [0.25]], ["x"], ["y"])
case(
    "numbers that are asked to be one-hot",
    "rank,x,y\n1,0.5,0.5\n3,0.7,0.25\n1,0.1,0.75\n",
    [[1, 0, 0.5], [0, 1, 0.7], [1, 0, 0.1]],
    [[0.5], [0.25], [0.75]],
    ["rank=1", "rank=3", "x"],
    ["y"],
    query={"one_hot": "rank"},
)
case(
    "roles as asked for",
    "a,b,c\n1,2,3\n4,5,7\n",
    [[2], [5]],
    [[1], [4]],
    ["b"],
    ["a"],
    query={"role.a": "target", "role.c": "skip"},
)
case(
    "a class that is asked for",
    "a,b\n1,0.5\n2,0.7\n1,0.1\n",
    [[0.5], [0.7], [0.1]],
    [[1, 0], [0, 1], [1, 0]],
    ["b"],
    ["1", "2"],
    query={"role.a": "class"},
)
case(
    "both words of a class in a table of two rows",
    "1,2,yes\n3,4,no\n",
    [[1, 2], [3, 4]],
    [[1, 0], [0, 1]],
    ENDS,
    ["yes", "no"],
)

# --- ARFF -------------------------------------------------------------------------------------------------------------

ARFF = """% made by hand
@RELATION flowers

@ATTRIBUTE 'sepal length' NUMERIC
@attribute width real
@ATTRIBUTE kind {'Iris a', b, c}
@DATA
5.1,3.5,'Iris a'
% a comment
4.9,?,b
7.0,3.2,b
"""
case(
    "ARFF",
    ARFF,
    [[5.1, 3.5], [7, 3.2]],
    [[1, 0, 0], [0, 1, 0]],
    ["sepal length", "width"],
    ["Iris a", "b", "c"],
    left_out=[(10, 2)],
)
refused(
    "sparse ARFF",
    "@relation r\n@attribute a numeric\n@attribute b numeric\n@data\n{0 1, 1 2}\n",
    "sparse ARFF, with rows in braces",
)
refused("ARFF without data", "@relation r\n@attribute a numeric\n", "no line @data")

# --- JSON -------------------------------------------------------------------------------------------------------------

case(
    "JSON: a list of records",
    '[{"x1":0.1,"x2":0.2,"y":0},{"x1":0.5,"x2":0.7,"y":1},{"y":1,"x2":0.9,"x1":0.3}]',
    A,
    B,
    N,
    ["y"],
)
case("JSON: a list of lists", "[[0.1,0.2,0.5],[0.5,0.7,0.25]]", A[:2], [[0.5], [0.25]])
case("JSON: a list of lists with names", '[["x1","x2","y"],[0.1,0.2,0],[0.5,0.7,1],[0.3,0.9,1]]', A, B, N, ["y"])
case("JSON: columns", '{"x1":[0.1,0.5,0.3],"x2":[0.2,0.7,0.9],"y":[0,1,1]}', A, B, N, ["y"])
case(
    "JSON: names as brain.js has them",
    '[{"input":{"x1":0.1,"x2":0.2},"output":{"a":1}},{"input":{"x1":0.5},"output":{"b":1}}]',
    [[0.1, 0.2], [0.5, 0]],
    [[1, 0], [0, 1]],
    N,
    ["a", "b"],
    said="counts as 0",
)
case("JSON: inputs and targets", '{"inputs":[[0.1,0.2],[0.5,0.7]],"targets":[[0],[1]]}', A[:2], B[:2])
case(
    "JSON: x and y, with names",
    '{"x":[[0.1,0.2],[0.5,0.7]],"y":[[0],[1]],"features":["x1","x2"],"classes":["k"]}',
    A[:2],
    B[:2],
    N,
    ["k"],
)
case("JSON: x and y as lists of numbers", '{"x":[1,2],"y":[2.5,3.5]}', [[1], [2]], [[2.5], [3.5]])
case(
    "JSON: labels in words",
    '{"features":[[0.1,0.2],[0.5,0.7],[0.3,0.9]],"labels":["a","b","b"]}',
    A,
    [[1, 0], [0, 1], [0, 1]],
    ENDS,
    ["a", "b"],
)
case(
    "JSON: pandas, split",
    '{"columns":["x1","x2","y"],"index":[0,1],"data":[[0.1,0.2,0],[0.5,0.7,1]]}',
    A[:2],
    B[:2],
    N,
    ["y"],
)
case(
    "JSON: pandas, columns", '{"x1":{"0":0.1,"1":0.5},"x2":{"0":0.2,"1":0.7},"y":{"0":0,"1":1}}', A[:2], B[:2], N, ["y"]
)
case("JSON: pandas, index", '{"0":{"x1":0.1,"x2":0.2,"y":0},"1":{"x1":0.5,"x2":0.7,"y":1}}', A[:2], B[:2], N, ["y"])
case("JSON: lines of lists", "[0.1,0.2,0.5]\n[0.5,0.7,0.25]\n", A[:2], [[0.5], [0.25]])
case(
    "JSON: null, NaN and words",
    '[{"x":1,"y":0.5},{"x":null,"y":1},{"x":NaN,"y":1},{"x":"?","y":1},{"y":1},{"x":2,"y":0.25}'
    + ',{"x":3,"y":0.75}' * 4
    + "]",
    [[1], [2], *[[3]] * 4],
    [[0.5], [0.25], *[[0.75]] * 4],
    left_out=[(n, 1) for n in (2, 3, 4, 5)],
)
case("JSON: true and false", '[{"x":true,"b":1,"y":0.5},{"x":false,"b":2,"y":0.25}]', [[1, 1], [0, 2]], [[0.5], [0.25]])
case(
    "JSON: an experiment's data, some held back",
    '{"network":{},"data":{"x":[[1],[2]],"y":[[0],[1]],"held_back":{"x":[[9]],"y":[[1]]}}}',
    [[1], [2]],
    [[0], [1]],
)
case(
    "JSON with a byte order mark", '\ufeff[{"x1":0.1,"x2":0.2,"y":0},{"x1":0.5,"x2":0.7,"y":1}]', A[:2], B[:2], N, ["y"]
)
refused("JSON that ends too early", '[{"x":1,"y":2},', "is none: .* at line 1 column", 400)
refused("JSON with a key twice", '[{"x":1,"x":2,"y":2}]', '"x" is given twice', 400)
refused("JSON: rows of x and y that differ", '{"x":[[1]],"y":[]}', "x has 1 rows, but y has 0")
refused("JSON: columns of different lengths", '{"a":[1,2],"b":[1]}', "different lengths")
refused("JSON: no rows", '{"a":1}', "no rows in this JSON")
refused("JSON: an empty list", "[]", "the list is empty")
refused("JSON: text as inputs", '[{"input":"hello","output":[1]},{"input":"you","output":[0]}]', "input is text")
refused("JSON: nested too deep", "[" * 50_000 + "]" * 50_000, "nested too deep", 400)
refused("a notebook", '{"nbformat": 4, "cells": []}', "notebook")

# --- refused ----------------------------------------------------------------------------------------------------------


def archive(*members: str) -> bytes:
    """A zip archive with such members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as into:
        for member in members:
            into.writestr(member, "0")
    return file.getvalue()


refused("xlsx", archive("[Content_Types].xml", "xl/workbook.xml"), "a workbook .*save it as CSV", 415)
refused("zip", archive("data.csv"), "zip archive.*unpack", 415)
refused(
    "a model of PyTorch", archive("model/data.pkl", "model/version"), "PyTorch model.*as ONNX.*weights as JSON", 415
)
refused("a model of Keras", archive("metadata.json", "config.json"), "Keras model.*as ONNX", 415)
refused("npz", archive("x.npy"), "NumPy arrays", 415)
refused("xls", b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(50), "old workbook", 415)
refused("Parquet", b"PAR1\x15\x04" + bytes(50), "Parquet.*to_csv", 415)
refused("npy", b"\x93NUMPY\x01\x00", "NumPy array.*savetxt", 415)
refused("PDF", b"%PDF-1.7\n1 0 obj", "PDF", 415)
refused("a web page", "<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>", "web page.*paste", 415)
refused("a picture", b"\x89PNG\r\n\x1a\n" + bytes(9), "picture", 415)
refused("gzip", b"\x1f\x8b\x08\x00", "gzip.*unpack", 415)
refused("a pickle", b"\x80\x04\x95\x00\x00", "pickle", 415)
refused("a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "Git LFS", 415)
refused("IDX", b"\x00\x00\x08\x03\x00\x00\x00\x01", "IDX", 415)
refused("NULs", b"a,b\n1,\x002\n", "not text", 415)
refused("bytes of no meaning", bytes(range(1, 256)), "not text", 415)
refused("LIBSVM", "1 1:0.5 2:0.25\n-1 1:0.5 3:1\n", "index:value")
refused("an empty file", "", "nothing in this file", 400)
refused("a file of blank lines", " \n\n\t\n", "nothing in this file", 400)
refused("only comments", "# a\n# b\n", "there is no row")
refused("only names", "x1,x2,y\n", "no row below it")
refused("one column", "1\n2\n3\n", "only one column")
refused("prose", "This is a letter.\nIt has no table at all in it\nDear me", "only one column")
refused("a line without end", "1," * 200_000, "more than 262144 characters")
refused("more columns than may be", ",".join("1" * 3000) + "\n" + ",".join("2" * 3000), "at most 2048")
refused("no row is whole", "x,y\n1,\n,2\n", "of 2 rows none can be used: in line 2")
refused("a class of one value", "x,k\n1,a\n2,a\n", "same in every row", query={"role.k": "class"})
refused("a role of no column", "x,y\n1,2\n", 'no column "z"', query={"role.z": "skip"})
refused("a role that is none", "x,y\n1,2\n", "must be input, target, class or skip", query={"role.x": "ignore"})
refused("two classes", "a,b,c\n1,2,3\n1,3,4\n", "are all the class", query={"role.a": "class", "role.b": "class"})
refused("a class and a target", "a,b,c\n1,2,3\n1,3,4\n", "choose one", query={"role.a": "class", "role.b": "target"})
refused("dates alone", "date,y\n2020-01-01,5\n2020-01-02,6\n", 'an input; .*"date" is skipped: it holds dates')
refused("no input", "a,b\n1,2\n1,3\n", "no column is an input", query={"role.a": "skip"})
refused(
    "nothing to learn",
    "a,b\n1,2\n1,3\n",
    "no column is what the network should learn",
    query={"role.a": "input", "role.b": "input"},
)
refused("words as targets", "a,b\n1,u\n1,v\n2,u", "a target must be numbers", query={"role.b": "target"})
refused("dates as inputs", "d,b\n2019-01-02,1\n2019-01-03,2", "holds dates", query={"role.d": "input"})
refused("one-hot that is no input", "a,b\n1,2\n2,3\n", "its role is target", query={"one_hot": "a", "role.a": "target"})
refused("a choice that nobody knows", "a,b\n1,2\n", '"colour" is not known here', query={"colour": "red"})
refused("a delimiter that is none", "a,b\n1,2\n", "delimiter is", query={"delimiter": "ab"})
refused("a delimiter of digits", "a,b\n1,2\n", "delimiter is", query={"delimiter": "1"})
refused("an encoding that nobody knows", "a,b\n1,2\n", "encoding is", query={"encoding": "klingon"})
refused("a delimiter of JSON", "[[1,2],[3,4]]", "to which delimiter means nothing", query={"delimiter": ","})
