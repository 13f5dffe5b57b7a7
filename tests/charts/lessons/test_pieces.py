from circuit_explainer import charts


def test_pieces_stand_below_the_joins() -> None:
    chart = charts.pieces(["walk", " walk", "<"], [("a", "l", 2), ("w", "al", 2)])
    html = chart.figure["html"]
    assert html.index("al</span>") < html.index("␣walk")
    assert "&lt;" in html
    assert html.count("2×") == 2
    assert chart.table.rows[1] == ("2", "w", "al", "wal", 2.0)
    assert chart.summary == (
        "2 joins make 3 pieces of 10 characters. The last one puts “w” and “al” together, which stood side by side 2 "
        "times."
    )


def test_before_the_first_join() -> None:
    chart = charts.pieces(["a", "b"], [])
    assert chart.summary == "No join yet: the text has 2 pieces, one for each character."
    assert "none yet" in chart.figure["html"]
    assert charts.pieces(["ab"], [("a", "b", 2)]).summary.startswith("1 join makes 1 piece of 2")
