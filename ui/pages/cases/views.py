"""The views of the list: tabs for the standard ones, a menu for the rest and for one's own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from posko_app.cases.list_views import standard_views
from posko_app.cases.saved_views import KeptView, ViewContent, drop_view, keep_view, kept_views
from posko_app.errors import InvalidInput, Problem
from posko_app.security import permissions
from ui import dialogs, theme
from ui.context import Context
from ui.fields import Field
from ui.widgets.buttons import Button
from ui.widgets.tabs import Tab, Tabs

from .filters import TABS

KEPT = "kept:"  # before the uid of a kept view, as the key of its tab
SAVE, CHANGE, DROP = "save", "change", "drop"


class ViewTabs(Tabs):
    """The tabs with the button for views at their right end."""

    def __init__(self) -> None:
        super().__init__([Tab(key, name) for key, name in TABS], ground="window")
        self.button = Button("Tampilan", icon="bookmark", kind="flat", small=True)
        self.button.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.settle()

    def settle(self) -> None:
        """Put the button at the right; without its word where tabs need the room."""
        wide = self.width() - Tabs.sizeHint(self).width() > theme.px(130)
        self.button.setText("Tampilan" if wide else "")
        self.button.setAccessibleName("Tampilan tersimpan")
        self.button.setToolTip("" if wide else "Tampilan tersimpan")
        size = self.button.sizeHint()
        self.button.setGeometry(
            self.width() - size.width() - 10, (self.height() - size.height()) // 2,
            size.width(), size.height(),
        )  # fmt: skip


class Views(QObject):
    """Which view is open, and keeping, changing and dropping one's own."""

    opened = Signal(str)  # the key of a standard view, or KEPT and a uid

    def __init__(self, page: QWidget, context: Context, tabs: ViewTabs) -> None:
        super().__init__(page)
        self._page, self._context, self.tabs = page, context, tabs
        self.content: Callable[[], ViewContent] = ViewContent
        self.kept: dict[str, KeptView] = {}
        self._extra = ""  # the key of the tab that stands there only while it is open
        tabs.button.clicked.connect(self._on_button)
        self.refresh()

    @property
    def view(self) -> str:
        """The standard view that is open, or stands under the kept one."""
        kept = self.open_kept
        return kept.content.view if kept else self.tabs.current

    @property
    def open_kept(self) -> KeptView | None:
        """The kept view that is open."""
        return self.kept.get(self.tabs.current.removeprefix(KEPT))

    def refresh(self) -> None:
        """Read the kept views again."""
        self.kept = {view.uid: view for view in self._context.run(kept_views) or ()}
        if self._extra.startswith(KEPT) and self._extra.removeprefix(KEPT) not in self.kept:
            self._extra = ""

    def show(self, key: str, counts: dict[str, str]) -> None:
        """Make `key` the open view, without a signal; `counts` are shown on the tabs."""
        names = dict(TABS)
        if key not in names:
            self._extra = key if self._name(key) else ""
        every = [*names, *([self._extra] if self._extra else [])]
        self.tabs.blockSignals(True)
        self.tabs.set_tabs([Tab(k, names.get(k) or self._name(k), counts.get(k, ""))
                            for k in every])  # fmt: skip
        self.tabs.choose(key if key in every else every[0])
        self.tabs.blockSignals(False)
        self.tabs.settle()

    def menu(self) -> QMenu:
        """Every view without a tab, and what can be done with the open one."""
        menu = QMenu(self._page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for view in standard_views().values():
            if not view.tab:
                self._add(menu, view.key, view.label)
        for shared in (False, True):
            found = [view for view in self.kept.values() if view.shared is shared]
            menu.addSeparator()
            for kept in found:
                self._add(menu, KEPT + kept.uid, kept.name, "kantor" if shared else "")
        menu.addSeparator()
        menu.addAction("Simpan tampilan ini…").setData(SAVE)
        now = self.open_kept
        if now is not None and now.mine:
            menu.addAction(f"Perbarui {now.name}".replace("&", "&&")).setData(CHANGE)
            menu.addAction(f"Hapus {now.name}".replace("&", "&&")).setData(DROP)
        menu.triggered.connect(self._on_chosen)
        return menu

    def save(self) -> None:
        """Ask for a name and keep the list as it stands."""
        fields = [Field(key="name", label="Nama tampilan", placeholder="Politik uang Kurun")]
        if permissions.allowed(self._context.posko.user.role, "case.decide"):
            fields.append(Field(key="shared", label="Tampil untuk semua petugas kantor ini",
                                kind="check"))  # fmt: skip
        uid = ""

        def submit(values: dict[str, object]) -> tuple[Problem, ...]:
            nonlocal uid
            shared = bool(values.get("shared"))
            try:
                uid = keep_view(self._context.posko, str(values["name"] or ""), self.content(),
                                shared=shared)  # fmt: skip
            except InvalidInput as error:
                return tuple(error.problems)
            return ()

        dialogs.ask_form(
            self._page, "Simpan tampilan", fields, today=self._context.posko.today(),
            act="Simpan tampilan", submit=submit, width=460,
            text="Tab, saringan, kolom, dan urutan yang sekarang disimpan dengan nama ini.",
        )  # fmt: skip
        if uid:
            self._open(KEPT + uid)

    # --- inside ---------------------------------------------------------------------------------

    def _add(self, menu: QMenu, key: str, name: str, whose: str = "") -> None:
        action = menu.addAction("\t".join(filter(None, (name.replace("&", "&&"), whose))))
        action.setCheckable(True)
        action.setChecked(key == self.tabs.current)
        action.setData(key)

    def _name(self, key: str) -> str:
        if key.startswith(KEPT):
            kept = self.kept.get(key.removeprefix(KEPT))
            return kept.name if kept else ""
        view = standard_views().get(key)
        return view.label if view else ""

    def _open(self, key: str) -> None:
        self.refresh()
        self.opened.emit(key)

    def _on_button(self) -> None:
        button = self.tabs.button
        self.menu().popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _on_chosen(self, action: QAction) -> None:
        key, kept = str(action.data()), self.open_kept
        if key == SAVE:
            self.save()
        elif key == CHANGE and kept is not None:
            self._context.run(keep_view, kept.name, self.content(), shared=kept.shared,
                              uid=kept.uid)  # fmt: skip
            self._context.say(f"Tampilan {kept.name} diperbarui")
            self._open(KEPT + kept.uid)
        elif key == DROP and kept is not None:
            self._drop(kept)
        else:
            self._open(key)

    def _drop(self, kept: KeptView) -> None:
        if self._context.run(drop_view, kept.uid) is None:
            return
        self._open(kept.content.view)

        def back() -> None:
            self._context.run(keep_view, kept.name, kept.content, shared=kept.shared,
                              uid=kept.uid)  # fmt: skip
            self._open(KEPT + kept.uid)

        self._context.say(f"Tampilan {kept.name} dihapus", undo=back)
