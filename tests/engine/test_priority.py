from engine.collector.priority import Factor, prioritize, rank

AMOUNT = Factor("amount_rank", 0.0, 1.0, 30.0)
DAYS = Factor("overdue_days", 0.0, 90.0, 25.0)
LIMIT = Factor("limit_used", 0.8, 1.2, 15.0)


def test_the_priority_is_the_share_of_all_points():
    # 30 x 0.5 + 25 x 45 / 90 + 15 x (1.0 - 0.8) / 0.4 = 15 + 12.5 + 7.5 = 35 of 70
    facts = {"amount_rank": 0.5, "overdue_days": 45, "limit_used": 1.0}
    assert prioritize(facts, [AMOUNT, DAYS, LIMIT]).value == 50


def test_a_figure_at_the_lower_end_earns_nothing():
    assert prioritize({"limit_used": 0.8}, [LIMIT]).value == 0


def test_a_figure_below_the_lower_end_earns_nothing():
    assert prioritize({"limit_used": -3.0}, [LIMIT]).value == 0


def test_a_figure_just_above_the_lower_end_earns_a_little():
    # (0.812 - 0.8) / 0.4 = 3 %
    assert prioritize({"limit_used": 0.812}, [LIMIT]).value == 3


def test_a_figure_at_the_upper_end_earns_everything():
    assert prioritize({"overdue_days": 90}, [DAYS]).value == 100


def test_a_figure_above_the_upper_end_earns_no_more():
    assert prioritize({"overdue_days": 900}, [DAYS]).value == 100


def test_figures_that_are_missing_earn_nothing():
    assert prioritize({"overdue_days": None}, [DAYS, AMOUNT]).value == 0


def test_parts_say_what_earned_how_much_the_largest_first():
    facts = {"amount_rank": 0.1, "overdue_days": 90, "limit_used": 0.5}
    parts = prioritize(facts, [AMOUNT, DAYS, LIMIT]).parts
    assert [(p.kind, p.earned, p.points) for p in parts] == [
        ("overdue_days", 25.0, 25.0),
        ("amount_rank", 3.0, 30.0),
    ]


def test_without_factors_nobody_is_urgent():
    assert prioritize({"overdue_days": 90}, []).value == 0


def test_the_rank_is_the_share_of_the_others_who_owe_less():
    amounts = [10.0, 20.0, 20.0, 3000.0, 4000.0]
    assert [rank(amounts, amount) for amount in amounts] == [0, 0.25, 0.25, 0.75, 1]


def test_somebody_alone_has_no_rank():
    assert rank([10.0], 10.0) == 0
    assert rank([], 10.0) == 0


def test_who_owes_more_than_all_did_a_moment_ago_is_the_first_and_no_more():
    assert rank([10.0, 20.0, 30.0], 30.01) == 1
    assert rank([10.0, 20.0, 30.0], 5.0) == 0
