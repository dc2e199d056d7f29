//! The practice instance on the command line.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use clap::Parser;
use sysparm_instance::{EventLog, Instance, Release, Settings, Source, Switches, shell};
use tokio::signal::unix::{SignalKind, signal};

/// A ServiceNow stand-in on this machine, for tests and for local development.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// A further name that leads to this port, for clients that take no loopback address; can be given again.
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// Number of incidents to generate.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(0..=5_000_000))]
    rows: u32,
    /// Seed of the generated data.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// CSV event log to load instead of generating (the form of DOI 10.24432/C57S4H).
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Replay the event log from now on, this many of its seconds per second, instead of loading its end.
    #[arg(long, value_name = "SPEED", requires = "data")]
    replay: Option<f64>,
    /// Share of the incidents that row access rules hide, 0 to 1.
    #[arg(long, default_value_t = 0.0)]
    hidden: f64,
    /// Client id of the registered application.
    #[arg(long, default_value = "practice-client")]
    client_id: String,
    /// Its secret.
    #[arg(long, default_value = "practice-secret")]
    client_secret: String,
    /// Lifetime of an access token in seconds.
    #[arg(long, default_value_t = 1800)]
    token_lifetime: u64,
    /// Release whose defaults and behaviour are shown.
    #[arg(long, value_name = "NAME", default_value = "zurich")]
    release: Release,
    /// Start with the scenario of this name; the control page lists them.
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// Print the address and nothing else.
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    match run(Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sysparm-instance: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    let settings = settings(&options)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let listener = shell::bind(options.port).await.map_err(|error| {
            format!("port {} on 127.0.0.1: {error}. Choose another port with --port (with make: PORT=).", options.port)
        })?;
        let address = listener.local_addr()?;
        let mut instance = Instance::new(settings, shell::now());
        let mut out = std::io::stdout().lock();
        writeln!(out, "practice instance listening on http://{address}")?;
        if let Some(name) = &options.scenario {
            let symptom = instance.begin_scenario(name, shell::now())?;
            writeln!(out, "scenario {name}: {symptom}")?;
        }
        if !options.quiet {
            out.write_all(instance.introduction(&format!("http://{address}")).as_bytes())?;
        }
        out.flush()?;
        drop(out);
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        };
        shell::serve(listener, Arc::new(Mutex::new(instance)), stop).await;
        Ok(())
    })
}

fn settings(options: &Options) -> Result<Settings, Box<dyn std::error::Error>> {
    let change = serde_json::json!({ "hidden": options.hidden, "token_lifetime": options.token_lifetime, "release": options.release });
    let mut settings = Settings {
        rows: options.rows as usize,
        seed: options.seed,
        switches: Switches::default().changed(&change)?,
        // Two instances that start in the same millisecond issue different tokens.
        entropy: shell::now() ^ (u64::from(std::process::id()) << 42),
        hosts: options.host.clone(),
        ..Settings::default()
    };
    settings.credentials.client_id.clone_from(&options.client_id);
    settings.credentials.client_secret.clone_from(&options.client_secret);
    if let Some(path) = &options.data {
        let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let log = EventLog::read(BufReader::new(file)).map_err(|error| format!("{}: {error}", path.display()))?;
        settings.source = match options.replay {
            None => Source::Log(Arc::new(log)),
            Some(speed) if speed.is_finite() && speed > 0.0 => Source::Replay(Arc::new(log), speed),
            Some(_) => return Err("--replay is not a speed. Give a number above 0, such as 60.".into()),
        };
    }
    Ok(settings)
}
