import numpy as np

from ilgi.emotion.reference import Reference
from ilgi.training.emotion.diaries import diary_entries
from ilgi.training.own_diaries import read_own_diaries
from ilgi.training.progress import Silent
from ilgi.training.scoring import Scorer


def test_themes_are_kept_apart_and_further_texts_are_only_learned_from(tiny_scorer: Scorer) -> None:
    texts = [e.text for e in diary_entries() if e.language == "en"][:100]
    diary = Reference.fit(tiny_scorer.columns, {"en": tiny_scorer.score(texts)})
    further = [("We laughed, happy.", "en"), ("I cried.", "en")]
    own = read_own_diaries(tiny_scorer, diary, further=further, cache_dir=None, progress=Silent())
    n = len(own.entries)
    assert {e.language for e in own.entries} == {"en"}
    assert own.standard.shape == (n + 2, len(tiny_scorer.columns))
    assert own.train[-2:] == (n, n + 1)
    learned, stopped = ({own.entries[i].theme for i in rows if i < n} for rows in (own.train, own.stop))
    held = {own.entries[i].theme for i in own.held_out("en")}
    assert learned
    assert stopped
    assert held
    assert not learned & stopped
    assert not (learned | stopped) & held
    expected = diary.standardise(tiny_scorer.score(["I cried."]), "en")[0]
    np.testing.assert_allclose(own.standard[-1], expected, rtol=1e-5)
