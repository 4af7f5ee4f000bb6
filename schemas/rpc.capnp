@0xb312981b2552a250;
# The messages of the Cap'n Proto RPC protocol. File id, type names and ordinals are those of the published protocol (capnproto.org, rpc.capnp
# of the 1.x releases), so the bytes are the same; the comments are ours. Who sends a message is "the sender" throughout.

using QuestionId = UInt32;
# An entry of the sender's question table: chosen by the caller, in use until both Finish and Return have passed.

using AnswerId = QuestionId;
# The same number seen from the side that answers.

using ExportId = UInt32;
# An entry of the sender's export table: a capability that the sender hosts. Counted by reference: each mention adds one, Release takes away.

using ImportId = ExportId;
# The same number seen from the side that uses the capability.

struct Message {
  # One frame of a connection.

  union {
    unimplemented @0 :Message;
    # The sender got this message and cannot act on it, so here it is back.

    abort @1 :Exception;
    # The sender gives up the connection, for this reason, and closes it next.

    bootstrap @8 :Bootstrap;
    # Asks for the receiver's first capability.

    call @2 :Call;
    # Calls a method.

    return @3 :Return;
    # Ends a call.

    finish @4 :Finish;
    # The caller wants nothing more from a question.

    resolve @5 :Resolve;
    # Says what a promise has become.

    release @6 :Release;
    # Gives back references to an import.

    disembargo @13 :Disembargo;
    # Travels behind calls that went the long way, to tell that they have all arrived.

    obsoleteSave @7 :AnyPointer;
    # Never in use; replaced by the Persistent interface.

    obsoleteDelete @9 :AnyPointer;
    # Never in use.

    provide @10 :Provide;
    # Level 3: holds a capability ready for a third vat.

    accept @11 :Accept;
    # Level 3: picks up a capability that another vat had provided.

    join @12 :Join;
    # Level 4: finds out whether capabilities are one object.
  }
}

struct Bootstrap {
  # A question whose answer is the capability that the receiver offers to everybody who connects.

  questionId @0 :QuestionId;
  # The new question.

  deprecatedObjectId @1 :AnyPointer;
  # Was the name of the wanted object; to be left null.
}

struct Call {
  # A question that calls a method.

  questionId @0 :QuestionId;
  # The new question.

  target @1 :MessageTarget;
  # What is called.

  interfaceId @2 :UInt64;
  # The type id of the interface that declares the method, which may be a superclass of what the target implements.

  methodId @3 :UInt16;
  # The method's ordinal in that interface.

  allowThirdPartyTailCall @8 :Bool = false;
  # Level 3: whether the answer may be "accept the results from a third vat".

  noPromisePipelining @9 :Bool = false;
  # The caller promises not to call anything on the results before it has them, so that the callee need not keep them.

  onlyPromisePipeline @10 :Bool = false;
  # The caller wants only to pipeline on the results, so that the callee need not send them.

  params @4 :Payload;
  # The arguments: a struct, and the capabilities in it.

  sendResultsTo :union {
    # Who gets the results.

    caller @5 :Void;
    # The sender of the call.

    yourself @6 :Void;
    # The receiver keeps them for a Return with takeFromOtherQuestion or for pipelined calls: a tail call.

    thirdParty @7 :RecipientId;
    # Level 3: another vat.
  }

  trace @11 :AnyPointer;
  # Not part of the published protocol: a TraceContext of the call, there only while the sender is traced. A later version of the protocol may put
  # something of its own here, so whatever is not a struct that begins with TraceContext's magic is ignored.
}

struct TraceContext {
  # Not part of the published protocol. The place of a call in a distributed trace, as W3C Trace Context writes it. What is malformed is ignored.

  const magicOfThisStruct :UInt64 = 0x8b3f6c1d57e2a94f;
  # A random number that nobody else begins a struct with.

  magic @0 :UInt64;
  # The number above.

  traceparent @1 :Text;
  # 55 bytes: 00-<trace id>-<span id>-<flags>.

  tracestate @2 :Text;
  # At most 512 printable ASCII characters; absent if there is none.
}

struct Return {
  # The end of a call.

  answerId @0 :AnswerId;
  # The question that the caller asked.

  releaseParamCaps @1 :Bool = true;
  # Whether every capability of the call's arguments is hereby given back, as by a Release of one reference each.

  noFinishNeeded @8 :Bool = false;
  # The answer is forgotten already, so the caller need not send Finish. Only for results without capabilities.

  union {
    results @2 :Payload;
    # What the method returned.

    exception @3 :Exception;
    # Why it failed.

    canceled @4 :Void;
    # The caller had sent Finish, and this is the call's end.

    resultsSentElsewhere @5 :Void;
    # The call asked not to be sent the results.

    takeFromOtherQuestion @6 :QuestionId;
    # The results are those of this other question of the sender, which had asked for its results to be kept.

    acceptFromThirdParty @7 :ThirdPartyCapId;
    # Level 3: the results wait at a third vat.
  }
}

struct Finish {
  # Ends a question on the asking side. Before the Return it also asks to cancel the call.

  questionId @0 :QuestionId;
  # The question.

  releaseResultCaps @1 :Bool = true;
  # Whether every capability of the results is hereby given back.

  requireEarlyCancellationWorkaround @2 :Bool = true;
  # Whether a call that has not been delivered yet must be delivered before it is cancelled. Peers from before this field need it, which is
  # why it is on unless turned off.
}

struct Resolve {
  # The outcome of a promise that the sender had exported.

  promiseId @0 :ExportId;
  # The promise.

  union {
    cap @1 :CapDescriptor;
    # What it became.

    exception @2 :Exception;
    # Why it became nothing.
  }
}

struct Release {
  # Gives back references to a capability that the receiver exported.

  id @0 :ImportId;
  # The import.

  referenceCount @1 :UInt32;
  # How many references.
}

struct Disembargo {
  # Calls on a promise and calls on what it resolved to must not overtake one another. This message follows the former's way and comes back.

  target @0 :MessageTarget;
  # The promise, or the capability it became.

  using EmbargoId = UInt32;
  # Chosen by the sender of senderLoopback, in use until the matching receiverLoopback.

  context :union {
    senderLoopback @1 :EmbargoId;
    # Please send it back to me as receiverLoopback, once everything that I sent to the target before has gone on to the target.

    receiverLoopback @2 :EmbargoId;
    # Here it is back.

    accept @3 :Void;
    # Level 3: from the vat that accepted, towards the one that provided.

    provide @4 :QuestionId;
    # Level 3: from the vat that provided, to the one that hosts.
  }
}

struct Provide {
  # Level 3: a question that asks the receiver to hold a capability ready for a third vat.

  questionId @0 :QuestionId;
  # The new question.

  target @1 :MessageTarget;
  # The capability.

  recipient @2 :RecipientId;
  # Who will ask for it.
}

struct Accept {
  # Level 3: a question that asks for a provided capability.

  questionId @0 :QuestionId;
  # The new question.

  provision @1 :ProvisionId;
  # Which one.

  embargo @2 :Bool;
  # Whether calls have to wait for a Disembargo with context provide.
}

struct Join {
  # Level 4: a question that asks whether several capabilities are one object.

  questionId @0 :QuestionId;
  # The new question.

  target @1 :MessageTarget;
  # One of them.

  keyPart @2 :JoinKeyPart;
  # One part of the key; whoever gets all parts hosts them all.
}

struct MessageTarget {
  # What a message is addressed to.

  union {
    importedCap @0 :ImportId;
    # A capability that the receiver exported.

    promisedAnswer @1 :PromisedAnswer;
    # A capability that will be in the answer to a question.
  }
}

struct Payload {
  # A value and the capabilities it mentions.

  content @0 :AnyPointer;
  # The value. A capability pointer in it is an index into capTable.

  capTable @1 :List(CapDescriptor);
  # The capabilities.
}

struct CapDescriptor {
  # A capability on its way.

  union {
    none @0 :Void;
    # There is none: a null capability.

    senderHosted @1 :ExportId;
    # An object of the sender's.

    senderPromise @2 :ExportId;
    # A promise of the sender's; a Resolve will follow.

    receiverHosted @3 :ImportId;
    # An object of the receiver's own.

    receiverAnswer @4 :PromisedAnswer;
    # Something in the answer that the receiver owes the sender.

    thirdPartyHosted @5 :ThirdPartyCapDescriptor;
    # Level 3: an object of a third vat.
  }

  attachedFd @6 :UInt8 = 0xff;
  # The position of a file descriptor sent along with the message, or 255 for none.
}

struct PromisedAnswer {
  # A place in the answer to a question.

  questionId @0 :QuestionId;
  # The question.

  transform @1 :List(Op);
  # The way from the answer's root to the capability.

  struct Op {
    union {
      noop @0 :Void;
      # Stay.

      getPointerField @1 :UInt16;
      # Go to the pointer with this index.
    }
  }
}

struct ThirdPartyCapDescriptor {
  # Level 3: how to reach an object of a third vat.

  id @0 :ThirdPartyCapId;
  # Where it is.

  vineId @1 :ExportId;
  # A stand-in that the sender hosts, for those who cannot go there, which also keeps the object alive meanwhile.
}

struct Exception {
  # Why something failed.

  reason @0 :Text;
  # For people.

  type @3 :Type;
  # For programs: what to do about it.

  enum Type {
    failed @0;
    # A bug or a bad argument: trying again will not help.

    overloaded @1;
    # Too much to do: try again later.

    disconnected @2;
    # Something in between went away: connect again, then try again.

    unimplemented @3;
    # The method does not exist there.
  }

  obsoleteIsCallersFault @1 :Bool;
  # Not in use.

  obsoleteDurability @2 :UInt16;
  # Not in use.

  trace @4 :Text;
  # The stack trace of where it happened, if the other side likes to tell.
}

using ProvisionId = AnyPointer;
# Defined by the network: what names a provision to the vat that holds it.

using RecipientId = AnyPointer;
# Defined by the network: what names the vat that a capability is provided for.

using ThirdPartyCapId = AnyPointer;
# Defined by the network: where to go and what to ask for.

using JoinKeyPart = AnyPointer;
# Defined by the network.

using JoinResult = AnyPointer;
# Defined by the network.
