//! The faults of proxies, caches and gateways: every kind in every form, and what a program sees of a reply that breaks HTTP.

use sysparm_instance::{
    BodyChange, CacheKey, FaultKind, Gateway, HeaderChange, LostHeader, RedirectTarget, RetryAfter, WireFault, every,
};

/// Every kind. A cache that repeats old pages is left out where a copy is kept: a page without the latest changes is no different from
/// one before them, and the copy would miss them.
pub(crate) fn kinds(copies: bool) -> Vec<FaultKind> {
    let gateways = every::<Gateway>();
    let statuses = [200, 403, 502, 503, 407, 429].into_iter().cycle();
    let mut kinds: Vec<FaultKind> =
        vec![FaultKind::ContentType { value: "application/json;charset=UTF-16".to_owned() }];
    kinds.extend(gateways.into_iter().zip(statuses).map(|(by, status)| FaultKind::Gateway { status, by }));
    let redirects = every::<RedirectTarget>().into_iter().zip([302, 307, 301, 308]);
    kinds.extend(redirects.map(|(to, status)| FaultKind::Redirect { status, to }));
    let forms = every::<RetryAfter>().into_iter().zip([429, 503].into_iter().cycle());
    kinds.extend(forms.map(|(form, status)| FaultKind::RetryAfter { status, form }));
    kinds.extend([200, 204, 304].map(|status| FaultKind::Empty { status }));
    kinds.extend(every::<BodyChange>().into_iter().map(|change| FaultKind::Body { change }));
    kinds.extend(every::<HeaderChange>().into_iter().map(|change| FaultKind::Headers { change }));
    kinds.extend(every::<LostHeader>().into_iter().map(|name| FaultKind::LostHeader { name }));
    kinds.extend(every::<WireFault>().into_iter().map(|form| FaultKind::Wire { form }));
    if !copies {
        kinds.extend(every::<CacheKey>().into_iter().map(|key| FaultKind::Stale { key }));
    }
    kinds
}

/// What a program sees of a reply on the connection.
pub(crate) enum Seen {
    Whole,
    /// The first half, and the program may take it for all.
    Half,
    /// 204 without a body.
    NoContent,
    /// An error of the connection.
    Nothing,
}

/// What `fetch` makes of it.
pub(crate) fn seen(form: WireFault) -> Seen {
    match form {
        WireFault::Continue
        | WireFault::EarlyHints
        | WireFault::LowerCaseNames
        | WireFault::UpperCaseNames
        | WireFault::WithoutLength
        | WireFault::SmallChunks => Seen::Whole,
        WireFault::LengthTooSmall => Seen::Half,
        WireFault::NoContentWithBody => Seen::NoContent,
        WireFault::UnfinishedChunks
        | WireFault::WrongChunkSize
        | WireFault::LengthTooLarge
        | WireFault::TwoLengths
        | WireFault::ResetInBody => Seen::Nothing,
    }
}
