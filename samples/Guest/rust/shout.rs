//! Publishes each line of standard input to a topic, and says on standard output what it did:
//!
//!     ww subscribe news &
//!     printf 'one\ntwo\n' | ww run shout.wasm news
mod ww;

use std::io::BufRead;

const BOOT_CONTEXT: u64 = 0xef622b23fee0980e;
const ROUTER: u64 = 0xde50b3e61b766f3a;
const TOPIC: u64 = 0x986ea9282f106bb0;

/// The pointer of the topics in a session.
const SESSION_PUBSUB: usize = 7;

fn run(topic: &str) -> Result<(), Box<dyn std::error::Error>> {
    let boot = ww::boot()?;
    let pid = boot.call(BOOT_CONTEXT, 0, 0, 0).send()?.results().u32(0);
    let session = boot.call(BOOT_CONTEXT, 3, 0, 0).send()?;
    let router = session.results().view(0).cap(SESSION_PUBSUB).ok_or("the session grants no topics")?;

    let mut join = router.call(ROUTER, 0, 0, 1);
    join.params().set_text(0, topic);
    let joined = join.send()?.results().cap(0).ok_or("there is no such topic")?;

    let mut count = 0;
    for line in std::io::stdin().lock().lines() {
        let mut publish = joined.call(TOPIC, 0, 0, 1);
        publish.params().set_data(0, line?.to_uppercase().as_bytes());
        publish.send()?;
        count += 1;
    }
    println!("process {} published {} messages to {}", pid, count, topic);
    Ok(())
}

fn main() {
    let topic = std::env::args().nth(1).unwrap_or_else(|| "news".to_string());
    if let Err(failure) = run(&topic) {
        eprintln!("shout: {}", failure);
        std::process::exit(1);
    }
}
