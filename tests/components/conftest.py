from tests.ui_fixtures import ada, browser, create_user, open_page, page, server, service, user

__all__ = ["ada", "browser", "create_user", "open_page", "page", "server", "service", "user"]
