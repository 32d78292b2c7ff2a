import pytest

from ilgi.emotion.certainty import of_one_mind, possible_moods, sign_of_emotions, sign_of_mood, sign_of_valence

GLAD = {"joy": 0.6, "optimism": 0.2, "anger": 0.1, "sadness": 0.1}
SAD = {"joy": 0.2, "optimism": 0.1, "anger": 0.2, "sadness": 0.5}


def test_possible_moods_are_those_with_enough_share() -> None:
    assert possible_moods(SAD, 0.2) == ("sadness", "joy", "anger")
    assert possible_moods(SAD, 0.6) == ()
    assert possible_moods(SAD, 0.0)[0] == "sadness"
    assert possible_moods(dict.fromkeys(SAD, 0.25), 0.3) == ()


def test_valence_takes_a_side_half_a_deviation_away_from_the_middle() -> None:
    assert sign_of_valence(0.61, 0.2) == 1
    assert sign_of_valence(0.59, 0.2) == 0
    assert sign_of_valence(0.39, 0.2) == -1


def test_signs_of_moods_and_emotions() -> None:
    assert sign_of_mood(GLAD) == 1
    assert sign_of_mood(SAD) == -1
    assert sign_of_mood({"joy": 0.3, "optimism": 0.3, "anger": 0.4, "sadness": 0.0}) == 1
    assert sign_of_mood(dict.fromkeys(SAD, 0.25)) == 0
    assert sign_of_emotions(["surprise", "grief", "joy"]) == -1
    assert sign_of_emotions(["surprise"]) == 0
    assert sign_of_emotions([]) == 0


@pytest.mark.parametrize(
    ("mood", "leading", "valence", "agree"),
    [
        (GLAD, ["joy"], 0.8, True),
        (GLAD, [], 0.8, True),
        (GLAD, ["joy"], 0.2, False),
        (SAD, ["joy"], 0.2, False),
        (SAD, ["grief"], 0.2, True),
        # Near the middle nothing can contradict.
        (SAD, ["joy"], 0.5, True),
    ],
)
def test_a_reading_is_of_one_mind_where_no_part_contradicts(
    mood: dict[str, float], leading: list[str], valence: float, agree: bool
) -> None:
    assert of_one_mind(mood, leading, valence, 0.2) is agree
