//! Subscribes to a topic, which calls back, and prints so many messages:
//!
//!     ww exec hear.wasm news 3
mod ww;

use std::cell::Cell;
use std::io::Write;
use std::rc::Rc;

const BOOT_CONTEXT: u64 = 0xef622b23fee0980e;
const ROUTER: u64 = 0xde50b3e61b766f3a;
const TOPIC: u64 = 0x986ea9282f106bb0;
const CONSUMER: u64 = 0xd72d37c8b6fbef23;

/// The pointer of the topics in a session.
const SESSION_PUBSUB: usize = 7;

fn run(name: &str, count: u32) -> Result<(), Box<dyn std::error::Error>> {
    let session = ww::boot()?.call(BOOT_CONTEXT, 3, 0, 0).send()?;
    let router = session.results().view(0).cap(SESSION_PUBSUB).ok_or("the session grants no topics")?;
    let mut join = router.call(ROUTER, 0, 0, 1);
    join.params().set_text(0, name);
    let topic = join.send()?.results().cap(0).ok_or("there is no such topic")?;

    let left = Rc::new(Cell::new(count));
    let counter = left.clone();
    let consumer = ww::serve(move |request| {
        if request.interface != CONSUMER || request.method != 0 { return Err(ww::Error("a consumer only consumes".to_string())); }
        println!("{}", String::from_utf8_lossy(&request.params().data(0)));
        counter.set(counter.get().saturating_sub(1));
        Ok(())
    });
    let mut subscribe = topic.call(TOPIC, 1, 1, 1);
    subscribe.params().set_cap(0, &consumer);
    let subscription = subscribe.post()?;

    // Calls arrive in order: when this one is answered, the subscription is there.
    println!("listening to {}", topic.call(TOPIC, 2, 0, 0).send()?.results().text(0));
    std::io::stdout().flush()?;
    while left.get() > 0 {
        if ww::turn()? == Some(subscription) { return Err("the subscription has ended".into()); }
    }
    Ok(())
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let count = arguments.get(2).and_then(|text| text.parse().ok()).unwrap_or(1);
    if let Err(failure) = run(arguments.get(1).map_or("news", String::as_str), count) {
        eprintln!("hear: {}", failure);
        std::process::exit(1);
    }
}
