"""The addresses of bookmarks and of shared collections."""

from django.urls import URLPattern, path, re_path

from learning_hub.bookmarks import bookmark_views, collection_views, shared_views

_OWN = "my/collections/<uuid:collection_id>/"
_ENTRY = f"{_OWN}entries/<int:entry_id>/"

urlpatterns: list[URLPattern] = [
    path("my/bookmarks/", bookmark_views.my_bookmarks, name="my_bookmarks"),
    path("my/bookmarks/keep/", bookmark_views.keep_page, name="keep_page"),
    path("my/bookmarks/remove/", bookmark_views.remove_bookmarks, name="remove_bookmarks"),
    path("my/bookmarks/collect/", bookmark_views.collect_bookmarks, name="collect_bookmarks"),
    path("my/collections/", collection_views.my_collections, name="my_collections"),
    path(_OWN, collection_views.my_collection, name="my_collection"),
    path(f"{_OWN}edit/", collection_views.edit_collection, name="edit_collection"),
    path(f"{_OWN}delete/", collection_views.delete_collection, name="delete_collection"),
    path(f"{_OWN}share/", collection_views.share_collection, name="share_collection"),
    path(f"{_OWN}share/end/", collection_views.end_link, name="end_link"),
    path(_ENTRY, collection_views.edit_entry, name="edit_entry"),
    path(f"{_ENTRY}move/", collection_views.move_entry, name="move_entry"),
    path(f"{_ENTRY}remove/", collection_views.take_out_entry, name="take_out_entry"),
    path("collections/<str:token>/copy/", shared_views.copy_collection, name="copy_collection"),
    # Whatever the token looks like: all that lead nowhere get the same answer.
    re_path(
        r"^collections/(?P<token>[\s\S]+)/$",
        shared_views.shared_collection,
        name="shared_collection",
    ),
]
