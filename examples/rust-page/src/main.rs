//! Incidents in a page that is written in Rust: a list that grows by a page of rows, and what to do when it cannot.

mod incidents;
mod instance;

use std::rc::Rc;

use incidents::{Incident, Incidents};
use sysparm::driver::CallFailed;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::{Callback, Html, Properties, component, html, use_effect_with, use_state};

fn main() {
    yew::Renderer::<Page>::new().render();
}

#[component]
fn Page() -> Html {
    let incidents = use_state(|| Rc::new(Incidents::open()));
    let rows = use_state(Vec::<Incident>::new);
    let state = use_state(|| State::Reading);

    let more = {
        let (incidents, rows, state) = (incidents.clone(), rows.clone(), state.clone());
        Callback::from(move |()| {
            let (incidents, rows, state) = (Rc::clone(&incidents), rows.clone(), state.clone());
            state.set(State::Reading);
            spawn_local(async move {
                let (page, after) = incidents.next().await;
                rows.set(rows.iter().cloned().chain(page).collect());
                state.set(after);
            });
        })
    };
    {
        let more = more.clone();
        use_effect_with((), move |()| more.emit(()));
    }

    let ask = Callback::from(move |_| more.emit(()));
    html! {
        <main>
            <h1>{ "Incidents" }</h1>
            <ul>{ for rows.iter().map(|row| html! { <Row incident={row.clone()} /> }) }</ul>
            { match &*state {
                State::Reading => html! { <p role="status">{ "Loading…" }</p> },
                State::More { seen, total } => html! {
                    <p role="status">{ so_far(*seen, *total) }<button onclick={ask}>{ "More" }</button></p>
                },
                State::Ended { hidden, caveat } => html! {
                    <p role="status">{ at_the_end(rows.len(), *hidden, *caveat) }</p>
                },
                State::Failed(failed) => html! { <Failure failed={Rc::clone(failed)} again={ask} /> },
            } }
        </main>
    }
}

/// How far the list has come.
pub enum State {
    Reading,
    /// Without a total where the instance does not count the rows.
    More {
        seen: u64,
        total: Option<u64>,
    },
    /// What is not known is absent. A caveat says what the reading could not promise.
    Ended {
        hidden: Option<u64>,
        caveat: Option<&'static str>,
    },
    Failed(Rc<CallFailed>),
}

fn so_far(seen: u64, total: Option<u64>) -> String {
    total.map_or_else(|| format!("{seen} rows so far "), |total| format!("{seen} of {total} rows "))
}

fn at_the_end(rows: usize, hidden: Option<u64>, caveat: Option<&str>) -> String {
    match (caveat, hidden) {
        (Some(caveat), _) => format!("{rows} rows. {caveat}"),
        (None, Some(hidden)) => format!("All {rows} rows, {hidden} hidden by access rules"),
        (None, None) => format!("All {rows} rows that may be read; how many are hidden is unknown"),
    }
}

#[derive(Properties, PartialEq)]
struct RowProperties {
    incident: Incident,
}

#[component]
fn Row(RowProperties { incident }: &RowProperties) -> Html {
    html! { <li><b>{ &incident.number }</b>{ " " }{ &incident.short_description }</li> }
}

#[derive(Properties)]
struct FailureProperties {
    failed: Rc<CallFailed>,
    again: Callback<yew::MouseEvent>,
}

impl PartialEq for FailureProperties {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.failed, &other.failed)
    }
}

/// A failure says what to do: the message has the first step, and each cause has its own.
#[component]
fn Failure(FailureProperties { failed, again }: &FailureProperties) -> Html {
    let causes = failed.failure.diagnosis.causes.iter();
    html! {
        <section role="alert" data-code={failed.code()}>
            <p>{ failed.to_string() }</p>
            <ol>{ for causes.map(|cause| html! { <li>{ cause.title }{ steps(&cause.steps("")) }</li> }) }</ol>
            <button onclick={again}>{ "Try again" }</button>
        </section>
    }
}

fn steps(steps: &[String]) -> Html {
    html! { <ul>{ for steps.iter().map(|step| html! { <li>{ step }</li> }) }</ul> }
}
