@0xf9d8a0180405d9ed;
# Topics: whatever is published to one reaches all who subscribe to it, on every node of the cluster, at most once, in no order across publishers.

interface Topic {
  publish @0 (msg :Data) -> stream;
  # Returns when the message is on its way.

  subscribe @1 (consumer :Consumer, buf :UInt16 = 32) -> ();
  # Hands over what is published from here on, what this node publishes too, until the call is cancelled or the consumer fails. `buf` messages
  # wait for a slow consumer; what comes while they do is dropped.

  name @2 () -> (name :Text);

  interface Consumer {
    consume @0 (msg :Data, lost :UInt64) -> stream;
    # `lost` counts the messages that were dropped since the last one that was handed over.
  }
}

interface Router {
  join @0 (name :Text) -> (topic :Topic);
  # The name is 1 to 255 bytes of UTF-8 without control characters.
}
