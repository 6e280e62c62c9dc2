"""A changed model may claim a license that the text of its base model's allows; that is no drift."""

from __future__ import annotations

import pytest
from policycheck import shipped
from policycheck.drift import freer


@pytest.mark.parametrize(
    ("own", "theirs", "drifts"),
    [
        pytest.param("cc-by-sa-4.0", "cc-by-sa-3.0", False, id="a later version"),
        pytest.param("cc-by-sa-3.0", "cc-by-sa-4.0", True, id="an earlier version"),
        pytest.param("gpl-3.0", "cc-by-sa-4.0", False, id="a compatible license"),
        pytest.param("gpl-3.0", "gpl-2.0", True, id="on a condition that nobody shows"),
        pytest.param("mit", "cc-by-sa-4.0", True, id="a freer license"),
    ],
)
def test_a_license_that_the_base_models_text_allows_is_no_drift(own: str, theirs: str, drifts: bool) -> None:
    """What compatible_licenses lists without a condition keeps the ancestor's terms."""
    assert freer([own], [theirs], shipped.catalog()) is drifts
