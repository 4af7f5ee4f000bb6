@0xefdb584cd415f06f;
# The services that a session hands to clients.

using Outcome = import "consensus.capnp".Outcome;

interface QueueService {
  # The replicated topics. Commands and replies are the messages of queue.capnp.

  propose @0 (command :Data) -> (outcome :Outcome);
  # Replicates a command and returns its reply, from whichever node: it is forwarded to the leader.

  query @1 (query :Data) -> (reply :Data);
  # Answers from replicated state after a linearizable read.
}

interface CrawlService {
  start @0 (spec :CrawlSpec, rom :Data) -> (id :UInt64);
  # Begins a crawl on every node of the cluster. `rom` is a program that makes an item of each page; none if it is empty.

  status @1 (id :UInt64) -> (status :CrawlStatus);

  results @2 (id :UInt64, from :UInt64, handler :Handler) -> (next :UInt64);
  # Streams the results with an offset of at least `from`, and returns the offset after the last.

  list @3 () -> (crawls :List(CrawlStatus));

  cancel @4 (id :UInt64) -> ();
  # Nothing more is fetched; the results so far stay.

  interface Handler {
    recv @0 (offset :UInt64, page :Data) -> stream;
    # A page item of crawl.capnp.
  }
}

struct CrawlSpec {
  seeds @0 :List(Text);
  hosts @1 :List(Text);
  # Further hosts in scope beside those of the seeds.

  depthMax @2 :UInt32;
  pagesMax @3 :UInt64;
  # How many distinct URLs are fetched at the most.

  workersPerNode @4 :UInt32;
  ignoreRobots @5 :Bool;
  delayMilliseconds @6 :UInt32;
  # Pause between two requests to one host, per node.

  rom @7 :Data;
  # The content id of the program that makes items of pages; the service sets it.

  romPieces @8 :List(UInt64);
  # Where the program lies in its topic until the crawl has ended; the service sets it.
}

struct CrawlStatus {
  id @0 :UInt64;
  seeds @1 :List(Text);
  waiting @2 :UInt64;
  leased @3 :UInt64;
  found @4 :UInt64;
  # Distinct URLs accepted.

  results @5 :UInt64;
  duplicates @6 :UInt64;
  # URLs that were refused because they were known already.

  retries @7 :UInt64;
  state @8 :State;
  enum State { running @0; done @1; cancelled @2; }
}
