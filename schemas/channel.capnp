@0x872a451f9aa74ebf;
# Channels: values go from those who send to those who receive, each to exactly one of them, in the order in which they were sent. Ids and methods are
# those of Wetware's schema; the limits, and who may make one, are this project's.

interface Closer {
  close @0 ();
  # Nothing more can be sent; what is in the buffer can still be received. Sends that wait are refused. Fails for a channel that is closed already.
}

interface Sender(T) {
  send @0 (value :T) -> ();
  # Returns when a receiver has been handed the value, or when it is in the buffer. Cancelled before that, it has sent nothing. Fails with the reason "the
  # channel is closed" if it is.
}

interface Recver(T) {
  recv @0 () -> (value :T);
  # Waits for the oldest value. Cancelled before it was handed one, it has taken none. Fails with the reason "the channel is closed" once it is closed and
  # nothing is left.
}

interface SendCloser(T) extends(Sender(T), Closer) {
  newSender @0 () -> (sender :Sender(T));
  # A reference that can send and nothing else; the same goes for those below.

  newCloser @1 () -> (closer :Closer);
}

interface Chan(T) extends(SendCloser(T), Recver(T)) {
  # One channel, with everything that can be done to it. It is gone, with what is in it, when its last reference is.

  newSendCloser @0 () -> (sendCloser :SendCloser(T));
  newRecver @1 () -> (recver :Recver(T));
}

interface Channels {
  # Makes channels in the memory of a node.

  make @0 (items :UInt32, bytes :UInt64) -> (chan :Chan(AnyPointer));
  # `items` values of `bytes` bytes together fit into the buffer; without items a send waits for a receiver. 0 bytes are as many as the node allows.
}
