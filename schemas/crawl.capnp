@0xcaddb71bf3766c00;
# What a crawl keeps in its topics: URLs to fetch, and pages fetched.

struct UrlTask {
  url @0 :Text;
  # Canonical.

  depth @1 :UInt32;
  # Links followed from a seed.

  referrer @2 :Text;
  # The page that linked here; empty for a seed.
}

struct PageItem {
  url @0 :Text;
  # As it was asked for, canonical. Results are keyed by it.

  finalUrl @1 :Text;
  # Where redirects led.

  outcome @2 :Outcome;

  status @3 :UInt16;
  # Of the last HTTP response; 0 where none came.

  depth @4 :UInt32;
  redirects @5 :UInt16;
  attempts @6 :UInt32;
  title @7 :Text;
  contentType @8 :Text;
  length @9 :UInt64;
  # Bytes of the decoded body.

  contentHash @10 :Data;
  # SHA-256 of the decoded body.

  links @11 :UInt32;
  # Distinct links in scope that the page holds.

  fetchedAt @12 :UInt64;
  # Unix milliseconds by the worker's clock.

  elapsed @13 :UInt32;
  # Milliseconds that the fetch took.

  error @14 :Text;
  # Why there is no page; empty where there is one.

  referrer @15 :Text;

  noIndex @16 :Bool;
  # The page asks not to be indexed.

  extracted @17 :Text;
  # What the crawl's program made of the page.

  extractError @18 :Text;
  # Why it made nothing of it.

  enum Outcome {
    page @0;
    # A body was read.

    refused @1;
    # Robots, scope or limits forbade it.

    failed @2;
    # The server or the network did not deliver.
  }
}
