//! The stewards' API.

use axum::Json;
use axum::extract::{Path, State};
use axum_extra::extract::Query;
use base::{Day, Division};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::hand_over::{HandOver, hand_over};
use super::model::{Cover, Node, Pick, Responsible, Tier};
use super::{cover, store};
use crate::access::Action;
use crate::site::Site;
use crate::web::{Body, Error, Visit};

/// A page of stewardships.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stewardships {
    pub stewardships: Vec<StewardshipBody>,
    /// Ask again with this as `after` for those that follow; nothing at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Who answers for one node.
#[derive(Debug, Serialize, ToSchema)]
pub struct StewardshipBody {
    pub level: Tier,
    /// The division's number of 15 digits, or the household's within the town.
    pub node: i64,
    /// Where the node lies: 15 digits.
    pub division: i64,
    /// The steward's number within the town.
    pub steward: i64,
    pub name: String,
    /// The first day on which this steward answers.
    #[schema(value_type = String, format = Date)]
    pub from: Day,
    /// The first day on which he no longer does; nothing while none is settled.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Below this division (its code); else all that the asker may see of his town.
    #[param(example = "141023105203")]
    pub division: Option<String>,
    /// As of this day; else today.
    #[param(value_type = Option<String>, format = Date, example = "2020-02-03")]
    pub day: Option<String>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OnDay {
    /// Below this division (its code); else all that the asker may see of his town.
    #[param(example = "141023105203")]
    pub division: Option<String>,
    /// As of this day; else today.
    #[param(value_type = Option<String>, format = Date, example = "2020-02-03")]
    pub day: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// As of this day; else today.
    #[param(value_type = Option<String>, format = Date, example = "2020-02-03")]
    pub day: Option<String>,
}

/// Nodes without steward, below one division.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverageBody {
    /// 15 digits.
    pub division: i64,
    #[schema(value_type = String, format = Date)]
    pub day: Day,
    /// Whether somebody answers for the division itself.
    pub held: bool,
    #[serde(flatten)]
    pub cover: Cover,
    /// Contacts of more households than the playbook's limit.
    pub over_limit: i64,
    /// The divisions right below.
    pub below: Vec<PartBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PartBody {
    pub division: i64,
    pub name: String,
    #[serde(flatten)]
    pub cover: Cover,
}

/// Nodes to be handed over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOverBody {
    /// The town's nine-digit code.
    pub town: i64,
    /// The nodes, at most 2,000, each with the steward the asker knows of: if another answers by
    /// now, the whole is refused.
    #[schema(min_items = 1, max_items = 2000)]
    pub nodes: Vec<NodeBody>,
    /// The steward who comes to answer; nothing: nobody, the next above answers provisionally.
    pub to: Option<i64>,
    /// The first day on which he does.
    #[schema(value_type = String, format = Date)]
    pub from: Day,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NodeBody {
    pub level: Tier,
    /// The division's number of 15 digits, or the household's within the town.
    pub node: i64,
    /// Who holds it with no end settled; nothing: nobody.
    pub steward: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HandedOver {
    pub nodes: usize,
}

const MOST: i64 = 500;

/// List stewardships
///
/// Who answers for which node on a day, in pages of 500 by level and node. What the asker may not
/// see is left out.
#[utoipa::path(
    get,
    path = "/api/v1/stewardships",
    operation_id = "listStewardships",
    tag = "stewards",
    params(Asked),
    responses(
        (status = 200, description = "Stewardships", body = Stewardships),
        (status = 400, description = "A parameter that does not exist"),
        (status = 403, description = "No role allows it"),
        (status = 404, description = "No such division, or not within the asker's area"),
        (status = 422, description = "Not readable"),
    )
)]
pub async fn list_stewardships(
    visit: Visit,
    State(site): State<Site>,
    Query(asked): Query<Asked>,
) -> Result<Json<Stewardships>, Error> {
    let scope = visit.may(Action::SeeStewards)?;
    let root = cover::root(&scope, asked.division.as_deref())?;
    let day = day(asked.day.as_deref(), visit.today)?;
    let after = asked.after.as_deref().map(after).transpose()?;
    let mut tx = site.db.read().await?;
    let rows = store::held(&mut tx, &scope, root, day, after, MOST).await?;
    let full = i64::try_from(rows.len()).is_ok_and(|rows| rows == MOST);
    let last = rows.last().filter(|_| full);
    let next = last.map(|(span, _)| format!("{}:{}", span.node.tier().key(), span.node.number()));
    let body = |(span, division): (super::model::Span, Division)| StewardshipBody {
        level: span.node.tier(),
        node: span.node.number(),
        division: division.number(),
        steward: span.steward,
        name: span.name,
        from: span.from,
        until: span.until,
    };
    Ok(Json(Stewardships { stewardships: rows.into_iter().map(body).collect(), next }))
}

/// Count nodes without steward
#[utoipa::path(
    get,
    path = "/api/v1/coverage/stewards",
    operation_id = "countNodesWithoutSteward",
    tag = "stewards",
    params(OnDay),
    responses(
        (status = 200, description = "What has nobody", body = CoverageBody),
        (status = 400, description = "A parameter that does not exist"),
        (status = 403, description = "No role allows it"),
        (status = 404, description = "No such division, or not within the asker's area"),
        (status = 422, description = "Not readable"),
    )
)]
pub async fn coverage(
    visit: Visit,
    State(site): State<Site>,
    Query(asked): Query<OnDay>,
) -> Result<Json<CoverageBody>, Error> {
    let scope = visit.may(Action::SeeStewards)?;
    let root = cover::root(&scope, asked.division.as_deref())?;
    let day = day(asked.day.as_deref(), visit.today)?;
    let mut tx = site.db.read().await?;
    let sight = cover::look(&mut tx, &site, &scope, root, day).await?;
    let part = |line: super::model::Line| PartBody {
        division: line.division.number(),
        name: line.name,
        cover: line.cover,
    };
    Ok(Json(CoverageBody {
        division: root.number(),
        day,
        held: sight.held.contains_key(&Node::Division(root)),
        over_limit: sight.over_limit,
        below: sight.lines.into_iter().map(part).collect(),
        cover: sight.cover,
    }))
}

/// Tell who answers for a household
///
/// Contact, street lead and town cadre of a household on a day, with stand-ins; where a level has
/// nobody, who answers provisionally.
#[utoipa::path(
    get,
    path = "/api/v1/responsible/{town}/{household}",
    operation_id = "tellResponsible",
    tag = "stewards",
    params(
        ("town" = i64, Path, description = "The town's nine-digit code"),
        ("household" = i64, Path, description = "The household's number within the town"),
        Then,
    ),
    responses(
        (status = 200, description = "Who answers", body = Responsible),
        (status = 400, description = "Not a number"),
        (status = 403, description = "No role allows it"),
        (status = 404, description = "No such household on that day, or not within the asker's area"),
        (status = 422, description = "Not readable"),
    )
)]
pub async fn tell_responsible(
    visit: Visit,
    State(site): State<Site>,
    Path((town, household)): Path<(i64, i64)>,
    Query(asked): Query<Then>,
) -> Result<Json<Responsible>, Error> {
    let scope = visit.may(Action::SeeStewards)?;
    let day = day(asked.day.as_deref(), visit.today)?;
    let mut tx = site.db.read().await?;
    store::home(&mut tx, &scope, town, household, day).await?.ok_or(Error::NotFound)?;
    let found = store::responsible(&mut tx, &site.vault, town, household, day).await?;
    found.map(Json).ok_or(Error::NotFound)
}

/// Hand over nodes
///
/// Ends who answers for the nodes and begins who comes, on the same day, all or nothing.
#[utoipa::path(
    post,
    path = "/api/v1/hand-overs",
    operation_id = "handOver",
    tag = "stewards",
    request_body = HandOverBody,
    responses(
        (status = 200, description = "Handed over", body = HandedOver),
        (status = 403, description = "No role allows it"),
        (status = 404, description = "A node does not exist, or is not within the asker's area"),
        (status = 409, description = "Another answers for a node by now"),
        (status = 415, description = "Not JSON"),
        (status = 422, description = "Not readable, or a day out of reach"),
    )
)]
pub async fn post_hand_over(
    visit: Visit,
    State(site): State<Site>,
    Body(sent): Body<HandOverBody>,
) -> Result<Json<HandedOver>, Error> {
    visit.may(Action::AssignStewards)?;
    let pick = |node: &NodeBody| {
        Some(Pick { node: Node::stored(node.level.key(), node.node)?, shown: node.steward })
    };
    let picks: Option<Vec<Pick>> = sent.nodes.iter().map(pick).collect();
    let picks = picks.ok_or(Error::NotFound)?;
    let wanted = HandOver { town: sent.town, picks, to: sent.to, from: sent.from };
    Ok(Json(HandedOver { nodes: hand_over(&site, &visit, &wanted).await? }))
}

fn day(text: Option<&str>, today: Day) -> Result<Day, Error> {
    match text {
        None | Some("") => Ok(today),
        Some(text) => text.parse().map_err(|_| Error::field("day", "stewards-day-wrong")),
    }
}

fn after(text: &str) -> Result<(Tier, i64), Error> {
    let parts = text.split_once(':').and_then(|(tier, node)| Some((Tier::of_key(tier)?, node.parse().ok()?)));
    parts.ok_or(Error::field("after", "stewards-after-wrong"))
}
