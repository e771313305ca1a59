"""Whether Globus Compute can be reached without asking anybody."""

from __future__ import annotations

from globus_compute_sdk.sdk.auth.globus_app import get_globus_app
from globus_sdk import ClientApp, ComputeClientV3


def is_signed_in() -> bool:
    """Tell whether the Compute SDK has a login of its own, or credentials to make one."""
    try:
        app = get_globus_app()
        if isinstance(app, ClientApp):
            return True
        # A client of the app makes it look for the tokens that the SDK would use.
        ComputeClientV3(app=app)
        return not app.login_required()
    except Exception:  # noqa: BLE001 - of whatever the store or the renewal of a token raises
        return False
