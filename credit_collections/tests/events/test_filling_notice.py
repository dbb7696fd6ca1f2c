from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestFillingNotice(HttpCase):
    """Whoever looks at customers right after the installation is told that figures are
    still to come."""

    def _look(self, code):
        self.browser_js(
            "/odoo/action-credit_collections.credit_profile_action",
            f"if ({code}) {{ console.log('test successful'); }} "
            "else { console.error('not so'); }",
            "!!document.querySelector('.o_list_view .o_content')",
            login="admin",
        )

    def test_the_list_says_that_figures_are_being_filled(self):
        self.env["credit.job.step"].create({"job": "install", "name": "figures"})
        self._look("document.querySelector('.o_credit_filling')")

    def test_it_says_nothing_once_they_are(self):
        self.env["credit.profile"]._fill_at_once()
        self._look("!document.querySelector('.o_credit_filling')")
