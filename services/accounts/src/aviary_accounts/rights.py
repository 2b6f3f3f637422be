"""Who may do what with accounts and logins. Everybody knows himself, changes his password, and makes and revokes keys
of his own."""

from aviary_common.access import Rights

RIGHTS = Rights(
    reading="""
        POST /portfolio/state
        POST /portfolio/distribution
        POST /portfolio/accounts-distribution
        POST /portfolio/history
    """,
    read="""
        PUT /users/me/password
        POST /api-keys
        DELETE /api-keys/{key_id}
    """,
    admin="""
        GET /users
        GET /users/{name}
        GET /audit
        GET /audit/verification
    """,
    restricted="""
        GET /accounts
        POST /accounts/add-account
        POST /accounts/delete-account
        GET /accounts/{account_name}/credentials
        POST /accounts/add-credential/{account_name}/{connector_name}
        POST /accounts/delete-credential/{account_name}/{connector_name}
        POST /portfolio/state
        POST /portfolio/distribution
        GET /portfolio/accounts-distribution
        POST /portfolio/accounts-distribution
        POST /portfolio/history
        GET /users
        POST /users
        GET /users/me
        PUT /users/me/password
        GET /users/{name}
        PATCH /users/{name}
        DELETE /users/{name}
        GET /api-keys
        POST /api-keys
        DELETE /api-keys/{key_id}
    """,
)
