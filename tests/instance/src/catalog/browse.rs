//! Catalogs and categories.

use serde_json::{Value, json};

use crate::exchange::{Parameters, Reply};
use crate::records::{self, Record, property};
use crate::refusal::Refusal;
use crate::store::Store;
use crate::table_api::Call;

use super::access::{Person, can_view, items};
use super::{bad_request, or_null, result};

/// `sysparm_limit` when it is not given.
const DEFAULT_LIMIT: usize = 10_000;

/// The page that `sysparm_limit` and `sysparm_offset` ask for.
pub(super) fn page<T>(rows: Vec<T>, parameters: &Parameters<'_>) -> impl Iterator<Item = T> {
    let limit = parameters.count("sysparm_limit").unwrap_or(DEFAULT_LIMIT);
    let offset = parameters.count("sysparm_offset").unwrap_or(0);
    rows.into_iter().skip(offset).take(limit)
}

pub(super) fn catalogs(store: &Store, call: &Call<'_>) -> Reply {
    let wanted = call.parameters.text("sysparm_text").unwrap_or_default().to_lowercase();
    let mut catalogs: Vec<Record<'_>> = records::all(store, "sc_catalog")
        .filter(|catalog| catalog.is("active") && catalog.text("title").to_lowercase().contains(&wanted))
        .collect();
    catalogs.sort_by_key(|catalog| catalog.text("title"));
    let person = Person::calling(call.principal);
    let described = page(catalogs, &call.parameters).map(|catalog| described(store, &person, &catalog, None));
    result(&described.collect())
}

pub(super) fn catalog(store: &Store, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
    let catalog = active_catalog(store, id)?;
    let person = Person::calling(call.principal);
    let listed = categories_of(store, &person, id).into_iter().filter(|category| category.text("parent").is_empty());
    let listed = listed.map(|category| {
        json!({
            "header_image": category.text("homepage_image"),
            "sys_id": category.id(),
            "description": or_null(category.text("description")),
            "title": category.text("title"),
        })
    });
    Ok(result(&described(store, &person, &catalog, Some(listed.collect()))))
}

pub(super) fn categories(store: &Store, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
    active_catalog(store, id)?;
    let person = Person::calling(call.principal);
    let top_level_only = call.parameters.flag("sysparm_top_level_only");
    let mut listed = categories_of(store, &person, id);
    listed.retain(|category| !top_level_only || category.text("parent").is_empty());
    let described = page(listed, &call.parameters).map(|category| {
        json!({
            "title": category.text("title"),
            "description": or_null(category.text("description")),
            "full_description": or_null(category.text("full_description")),
            "icon": category.text("icon"),
            "header_icon": category.text("header_icon"),
            "homepage_image": category.text("homepage_image"),
            "count": count(store, &person, category.id()),
            "subcategories": subcategories(store, &person, category.id()),
            "sys_id": category.id(),
        })
    });
    Ok(result(&described.collect()))
}

pub(super) fn category(store: &Store, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
    let person = Person::calling(call.principal);
    let found = records::by_id(store, "sc_category", id).filter(|category| may_see(store, &person, category));
    let category = found.ok_or_else(|| no_access("category"))?;
    let children = children(store, &person, id).into_iter().map(|child| {
        let below = subcategories(store, &person, child.id());
        json!({
            "sys_id": child.id(),
            "title": child.text("title"),
            "count": count(store, &person, child.id()),
            "parent": id,
            "isParentCategory": !below.is_empty(),
            "subcategories": below,
        })
    });
    Ok(result(&json!({
        "title": category.text("title"),
        "description": or_null(category.text("description")),
        "full_description": or_null(category.text("full_description")),
        "icon": category.text("icon"),
        "header_icon": category.text("header_icon"),
        "homepage_image": category.text("homepage_image"),
        "sys_id": category.id(),
        "child_categories": children.collect::<Vec<_>>(),
    })))
}

/// The statuses are documented; the texts are this instance's own.
fn no_access(what: &str) -> Refusal {
    bad_request(&format!("Invalid sys_id, or no access to this {what}"))
}

fn active_catalog<'a>(store: &'a Store, id: &str) -> Result<Record<'a>, Refusal> {
    let found = records::by_id(store, "sc_catalog", id).filter(|catalog| catalog.is("active"));
    found.ok_or_else(|| no_access("catalog"))
}

fn described(store: &Store, person: &Person<'_>, catalog: &Record<'_>, categories: Option<Vec<Value>>) -> Value {
    let in_catalog = |item: &Record<'_>| item.text("sc_catalogs").split(',').any(|one| one == catalog.id());
    let mut described = json!({
        "title": catalog.text("title"),
        "sys_id": catalog.id(),
        "has_categories": !categories_of(store, person, catalog.id()).is_empty(),
        "has_items": items(store).any(|item| in_catalog(&item) && can_view(store, person, &item)),
        "description": catalog.text("description"),
        "desktop_image": catalog.text("desktop_image"),
    });
    if let (Some(categories), Some(members)) = (categories, described.as_object_mut()) {
        members.insert("categories".into(), categories.into());
    }
    described
}

/// A category without roles is seen by all, others by those who have one of them or may see every category.
fn may_see(store: &Store, person: &Person<'_>, category: &Record<'_>) -> bool {
    let overriding = property(store, "glide.sc.category.canview.override").unwrap_or("admin,catalog_admin");
    let roles = category.text("roles");
    category.is("active") && (roles.is_empty() || person.has_any(roles) || person.has_any(overriding))
}

fn ordered<'a>(store: &'a Store, person: &Person<'_>, categories: impl Iterator<Item = Record<'a>>) -> Vec<Record<'a>> {
    let mut categories: Vec<_> = categories.filter(|category| may_see(store, person, category)).collect();
    categories.sort_by_key(|category| category.text("title"));
    categories
}

fn categories_of<'a>(store: &'a Store, person: &Person<'_>, catalog: &'a str) -> Vec<Record<'a>> {
    ordered(store, person, records::with(store, "sc_category", "sc_catalog", catalog))
}

fn children<'a>(store: &'a Store, person: &Person<'_>, category: &'a str) -> Vec<Record<'a>> {
    ordered(store, person, records::with(store, "sc_category", "parent", category))
}

fn subcategories(store: &Store, person: &Person<'_>, category: &str) -> Vec<Value> {
    let children = children(store, person, category).into_iter();
    children.map(|child| json!({ "sys_id": child.id(), "title": child.text("title") })).collect()
}

/// The number of items in a category that the user may see.
fn count(store: &Store, person: &Person<'_>, category: &str) -> usize {
    items(store).filter(|item| item.text("category") == category && can_view(store, person, item)).count()
}
