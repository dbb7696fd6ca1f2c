"""Who gets which customers, how a team is evened out, who works for whom."""

import pytest

from engine.collector.assignment import (
    AMOUNT,
    Customer,
    Desk,
    Office,
    Placement,
    Seat,
    rebalance,
)
from engine.strategy.substitutes import acting, worker

ANN, BEN, EVE = 1, 2, 3


def customers(*amounts):
    return [Customer(number, amount) for number, amount in enumerate(amounts, 1)]


def placed(placements):
    return {one.customer_id: one.user_id for one in placements}


# === NEW CUSTOMERS === #


def test_without_collectors_nobody_gets_anything():
    assert Office({}).place(customers(10.0), []) == []


def test_customers_go_round_by_number():
    # largest first: 3 (30) → Ann, 2 (20) → Ben, 1 (10) → tie in number, Ben has less
    # money on the desk
    placements = Office({}).place(customers(10.0, 20.0, 30.0), [Seat(ANN), Seat(BEN)])
    assert placed(placements) == {3: ANN, 2: BEN, 1: BEN}


def test_amounts_are_evened_out():
    # 100 → Ann; 60 → Ben; 30 → Ben (60 < 100); 20 → Ben (90 < 100)
    placements = Office({}).place(
        customers(100.0, 60.0, 30.0, 20.0), [Seat(ANN), Seat(BEN)], AMOUNT
    )
    assert placed(placements) == {1: ANN, 2: BEN, 3: BEN, 4: BEN}


def test_ties_are_decided_the_same_way_in_any_order():
    seats, rows = [Seat(BEN), Seat(ANN)], customers(5.0, 5.0, 5.0, 5.0)
    one = Office({}).place(rows, seats)
    other = Office({}).place(rows[::-1], seats[::-1])
    assert one == other
    assert placed(one) == {1: ANN, 2: BEN, 3: ANN, 4: BEN}


def test_what_is_on_the_desk_counts():
    office = Office({ANN: Desk(customers=2, amount=10.0)})
    placements = office.place(customers(1.0, 1.0), [Seat(ANN), Seat(BEN)])
    assert placed(placements) == {1: BEN, 2: BEN}


def test_half_a_share_gets_half_as_many():
    placements = Office({}).place(
        customers(*[1.0] * 6), [Seat(ANN, share=0.5), Seat(BEN)]
    )
    assert sorted(placed(placements).values()) == [ANN, ANN, BEN, BEN, BEN, BEN]


@pytest.mark.parametrize(
    ("customers_before", "user_id"), [(4, ANN), (5, BEN), (6, BEN)]
)
def test_who_is_full_gets_none(customers_before, user_id):
    office = Office({ANN: Desk(customers_before), BEN: Desk(50)})
    (placement,) = office.place(customers(1.0), [Seat(ANN, capacity=5), Seat(BEN)])
    assert placement == Placement(1, user_id)


def test_when_all_are_full_the_least_crowded_gets_it_with_a_flag():
    # 10 of 10 = 100 %, 12 of 10 = 120 %
    office = Office({ANN: Desk(12), BEN: Desk(10)})
    seats = [Seat(ANN, capacity=10), Seat(BEN, capacity=10)]
    assert office.place(customers(1.0), seats) == [Placement(1, BEN, is_over=True)]


def test_who_is_away_gets_none_unless_all_are():
    away, there = Seat(ANN, is_away=True), Seat(BEN, capacity=1)
    placements = Office({}).place(customers(1.0, 1.0), [away, there])
    assert set(placed(placements).values()) == {BEN}
    assert Office({}).place(customers(1.0), [away]) == [Placement(1, ANN)]


def test_one_rule_sees_what_the_rule_before_gave():
    office = Office({})
    office.place(customers(1.0), [Seat(ANN)])
    second = office.place([Customer(9, 1.0)], [Seat(ANN), Seat(BEN)])
    assert placed(second) == {9: BEN}


# === REBALANCE === #


def test_a_balanced_team_stays_as_it_is():
    holdings = {ANN: customers(1.0, 2.0), BEN: [Customer(8, 1.0)]}
    assert rebalance(holdings, [Seat(ANN), Seat(BEN)]) == {}


def test_the_busiest_gives_to_the_least_busy():
    # 4 and 0: two of them move
    moves = rebalance({ANN: customers(1.0, 1.0, 1.0, 1.0)}, [Seat(ANN), Seat(BEN)])
    assert len(moves) == 2
    assert set(moves.values()) == {BEN}


def test_amounts_are_evened_out_by_the_customer_that_fits_best():
    # 100 + 40 + 10 against 50: half of the gap is 50, 40 comes next → 110 and 90; then
    # half of the gap is 10 → 100 and 100
    holdings = {ANN: customers(100.0, 40.0, 10.0), BEN: [Customer(9, 50.0)]}
    assert rebalance(holdings, [Seat(ANN), Seat(BEN)], AMOUNT) == {2: BEN, 3: BEN}


def test_one_large_customer_does_not_move_to_and_fro():
    assert rebalance({ANN: customers(100.0)}, [Seat(ANN), Seat(BEN)], AMOUNT) == {}


def test_who_has_too_many_gives_some_away_even_to_a_busier_one():
    # capacity 1: the smallest of the three move, though Ben has more already
    holdings = {ANN: customers(5.0, 3.0, 9.0), BEN: [Customer(9, 900.0)]}
    moves = rebalance(holdings, [Seat(ANN, capacity=1), Seat(BEN)], AMOUNT)
    assert moves == {1: BEN, 2: BEN}


def test_who_is_full_or_away_takes_none():
    holdings = {ANN: customers(1.0, 1.0, 1.0, 1.0), BEN: [Customer(8, 1.0)]}
    seats = [Seat(ANN), Seat(BEN, capacity=1), Seat(EVE, is_away=True)]
    assert rebalance(holdings, seats) == {}


def test_customers_that_stay_count():
    # Ann has 2 that may move, Ben has 2 that may not: nothing to even out
    holdings, seats = {ANN: customers(1.0, 1.0)}, [Seat(ANN), Seat(BEN)]
    assert rebalance(holdings, seats, kept={BEN: Desk(2)}) == {}
    assert len(rebalance(holdings, seats, kept={ANN: Desk(2)})) == 2


def test_many_customers_are_evened_out_to_one():
    holdings = {ANN: [Customer(number, 1.0) for number in range(1000)]}
    moves = rebalance(holdings, [Seat(ANN), Seat(BEN), Seat(EVE)])
    per_user = [list(moves.values()).count(user) for user in (BEN, EVE)]
    assert sorted(per_user) == [333, 333]


# === SUBSTITUTES === #


@pytest.mark.parametrize(
    ("substitutes", "who"),
    [
        ({}, ANN),
        ({ANN: BEN}, BEN),
        ({ANN: BEN, BEN: EVE}, EVE),
        ({BEN: EVE}, ANN),
        ({ANN: BEN, BEN: ANN}, ANN),  # both away: nobody is there
        ({ANN: BEN, BEN: EVE, EVE: BEN}, ANN),
    ],
)
def test_the_substitute_of_the_substitute_works(substitutes, who):
    assert acting(ANN, substitutes) == who


@pytest.mark.parametrize(
    ("present", "found"),
    [
        ({1, 2, 8, 9}, 2),  # stands in
        ({1, 8, 9}, 1),  # the user, as who stands in has left
        ({8, 9}, 9),  # stands in for who leads the first team
        ({8, 7}, 8),  # leads the first team
        ({7}, 7),  # leads the second one
        ({3}, None),
    ],
)
def test_what_falls_to_somebody_is_done_by_who_is_there(present, found):
    assert worker(1, {1: 2, 8: 9}, [8, 7], present) == found
