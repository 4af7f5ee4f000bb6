// The other side of the comparison and of the interoperability tests: bench.capnp and rpc-test.capnp over the C++
// implementation. usage: peer server ADDR [bench|worker] | peer client ADDR LOAD... | peer check ADDR
#include "bench.capnp.h"
#include "rpc-test.capnp.h"

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>
#include <kj/debug.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

class BenchImpl final : public Bench::Server {
 public:
  kj::Promise<void> ping(PingContext context) override {
    context.getResults().setX(context.getParams().getX());
    return kj::READY_NOW;
  }
  kj::Promise<void> next(NextContext context) override {
    context.getResults().setNode(kj::heap<BenchImpl>());
    return kj::READY_NOW;
  }
  kj::Promise<void> write(WriteContext context) override {
    bytes += context.getParams().getData().size();
    ++calls;
    return kj::READY_NOW;
  }
  kj::Promise<void> done(DoneContext context) override {
    auto results = context.getResults();
    results.setBytes(bytes);
    results.setCalls(calls);
    bytes = calls = 0;
    return kj::READY_NOW;
  }
  kj::Promise<void> echo(EchoContext context) override {
    auto data = context.getParams().getData();
    context.getResults(capnp::MessageSize{data.size() / 8 + 8, 0}).setData(data);
    return kj::READY_NOW;
  }
  kj::Promise<void> put(PutContext context) override {
    bytes += context.getParams().getData().size();
    ++calls;
    return kj::READY_NOW;
  }

 private:
  uint64_t bytes = 0;
  uint64_t calls = 0;
};

class CounterImpl final : public Counter::Server {
 public:
  kj::Promise<void> next(NextContext context) override {
    auto expected = context.getParams().getExpected();
    KJ_REQUIRE(expected == count, "out of order", expected, count);
    context.getResults().setN(count++);
    return kj::READY_NOW;
  }

 private:
  uint32_t count = 0;
};

class WorkerImpl final : public Worker::Server {
 public:
  kj::Promise<void> echoCap(EchoCapContext context) override {
    context.getResults().setCap(context.getParams().getCap());
    return kj::READY_NOW;
  }
  kj::Promise<void> callBack(CallBackContext context) override {
    auto params = context.getParams();
    auto cap = params.getCap();
    auto times = params.getTimes();
    kj::Promise<uint32_t> last = uint32_t(0);
    for (uint32_t i = 0; i < times; i++) {
      auto request = cap.nextRequest();
      request.setExpected(i);
      auto sent = request.send().then([](auto&& response) { return response.getN(); });
      last = last.then([sent = kj::mv(sent)](uint32_t) mutable { return kj::mv(sent); });
    }
    return last.then([context](uint32_t n) mutable { context.getResults().setLast(n); });
  }
  kj::Promise<void> fail(FailContext context) override {
    auto params = context.getParams();
    return kj::Exception(static_cast<kj::Exception::Type>(params.getType()), __FILE__, __LINE__, kj::str(params.getReason()));
  }
  kj::Promise<void> hang(HangContext context) override {
    context.allowCancellation();
    return kj::Promise<void>(kj::NEVER_DONE);
  }
  kj::Promise<void> self(SelfContext context) override {
    auto paf = kj::newPromiseAndFulfiller<void>();
    openers.add(kj::mv(paf.fulfiller));
    return paf.promise.then([this, context]() mutable { context.getResults().setWorker(thisCap()); });
  }
  kj::Promise<void> open(OpenContext context) override {
    for (auto& opener : openers) opener->fulfill();
    openers.clear();
    return kj::READY_NOW;
  }
  kj::Promise<void> hold(HoldContext context) override {
    kept = context.getParams().getCap();
    return kj::READY_NOW;
  }
  kj::Promise<void> held(HeldContext context) override {
    KJ_IF_MAYBE(cap, kept) context.getResults().setCap(*cap);
    return kj::READY_NOW;
  }
  kj::Promise<void> tail(TailContext context) override {
    auto request = context.getParams().getTo().heldRequest();
    return context.tailCall(kj::mv(request));
  }
  kj::Promise<void> sink(SinkContext context) override {
    auto params = context.getParams();
    KJ_REQUIRE(params.getN() == sunk, "a streaming call out of order");
    ++sunk;
    sunkBytes += params.getData().size();
    return kj::READY_NOW;
  }
  kj::Promise<void> total(TotalContext context) override {
    context.getResults().setBytes(sunkBytes);
    context.getResults().setCalls(sunk);
    return kj::READY_NOW;
  }
  kj::Promise<void> promise(PromiseContext context) override {
    auto paf = kj::newPromiseAndFulfiller<Counter::Client>();
    decide = kj::mv(paf.fulfiller);
    context.getResults().setCap(kj::mv(paf.promise));
    return kj::READY_NOW;
  }
  kj::Promise<void> fulfill(FulfillContext context) override {
    auto params = context.getParams();
    if (params.hasCap()) decide->fulfill(params.getCap());
    else decide->reject(KJ_EXCEPTION(FAILED, "broken on purpose"));
    return kj::READY_NOW;
  }

 private:
  kj::Vector<kj::Own<kj::PromiseFulfiller<void>>> openers;
  kj::Own<kj::PromiseFulfiller<Counter::Client>> decide;
  kj::Maybe<Counter::Client> kept;
  uint32_t sunk = 0;
  uint64_t sunkBytes = 0;
};

void report(size_t operations, double seconds, std::vector<double>& latencies) {
  std::printf("rate=%.0f", operations / seconds);
  if (!latencies.empty()) {
    std::sort(latencies.begin(), latencies.end());
    std::printf(" p50=%.1f p99=%.1f", latencies[(latencies.size() - 1) / 2], latencies[(latencies.size() - 1) * 99 / 100]);
  }
  std::printf("\n");
}

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

kj::Promise<void> worker(Bench::Client bench, uint64_t& left) {
  if (left == 0) return kj::READY_NOW;
  auto x = --left;
  auto request = bench.pingRequest();
  request.setX(x);
  return request.send().then([bench, &left, x](auto&& response) mutable {
    KJ_REQUIRE(response.getX() == x);
    return worker(kj::mv(bench), left);
  });
}

kj::Promise<void> putter(Bench::Client bench, capnp::Data::Reader data, uint64_t& left) {
  if (left == 0) return kj::READY_NOW;
  --left;
  auto request = bench.putRequest(capnp::MessageSize{data.size() / 8 + 8, 0});
  request.setData(data);
  return request.send().then([bench, data, &left](auto&&) mutable { return putter(kj::mv(bench), data, left); });
}

kj::Promise<void> writer(Bench::Client bench, capnp::Data::Reader data, uint64_t left) {
  if (left == 0) return kj::READY_NOW;
  auto request = bench.writeRequest(capnp::MessageSize{data.size() / 8 + 8, 0});
  request.setData(data);
  return request.send().then([bench, data, left]() mutable { return writer(kj::mv(bench), data, left - 1); });
}

void load(Bench::Client bench, kj::WaitScope& waitScope, int argc, char** argv) {
  std::string kind = argv[0];
  auto number = [&](int i) { return kj::StringPtr(argv[i]).parseAs<uint64_t>(); };
  std::vector<double> latencies;
  auto timed = [&](uint64_t n, auto&& operation) {
    for (uint64_t i = 0; i < 2000; i++) operation(i);
    latencies.reserve(n);
    auto start = Clock::now();
    for (uint64_t i = 0; i < n; i++) {
      auto begin = Clock::now();
      operation(i);
      latencies.push_back(since(begin) * 1e6);
    }
    report(n, since(start), latencies);
  };
  if (kind == "ping") {
    timed(number(1), [&](uint64_t i) {
      auto request = bench.pingRequest();
      request.setX(i);
      KJ_REQUIRE(request.send().wait(waitScope).getX() == i);
    });
  } else if (kind == "conc") {
    uint64_t n = number(2);
    for (uint64_t count : {uint64_t(20000), n}) {
      auto left = count;
      auto start = Clock::now();
      kj::Vector<kj::Promise<void>> workers;
      for (uint64_t i = 0; i < number(1); i++) workers.add(worker(bench, left));
      kj::joinPromises(workers.releaseAsArray()).wait(waitScope);
      if (count == n) report(n, since(start), latencies);
    }
  } else if (kind == "chain") {
    timed(number(1), [&](uint64_t i) {
      auto request = bench.nextRequest().send().getNode().nextRequest().send().getNode().pingRequest();
      request.setX(i);
      KJ_REQUIRE(request.send().wait(waitScope).getX() == i);
    });
  } else if (kind == "chainwait") {
    timed(number(1), [&](uint64_t i) {
      auto one = bench.nextRequest().send().wait(waitScope);
      auto two = one.getNode().nextRequest().send().wait(waitScope);
      auto request = two.getNode().pingRequest();
      request.setX(i);
      KJ_REQUIRE(request.send().wait(waitScope).getX() == i);
    });
  } else if (kind == "echo") {
    auto data = kj::heapArray<kj::byte>(number(1));
    timed(number(2), [&](uint64_t) {
      auto request = bench.echoRequest(capnp::MessageSize{data.size() / 8 + 8, 0});
      request.setData(data);
      KJ_REQUIRE(request.send().wait(waitScope).getData().size() == data.size());
    });
  } else if (kind == "stream" || kind == "put") {
    auto data = kj::heapArray<kj::byte>(number(1));
    memset(data.begin(), 1, data.size());
    uint64_t n = number(2) / number(1);
    for (uint64_t count : {n / 10 + 1, n}) {
      auto start = Clock::now();
      if (kind == "stream") {
        writer(bench, data, count).wait(waitScope);
      } else {
        auto left = count;
        kj::Vector<kj::Promise<void>> workers;
        for (uint64_t i = 0; i < number(3); i++) workers.add(putter(bench, data, left));
        kj::joinPromises(workers.releaseAsArray()).wait(waitScope);
      }
      auto done = bench.doneRequest().send().wait(waitScope);
      KJ_REQUIRE(done.getCalls() == count);
      if (count == n) std::printf("MB/s=%.1f\n", double(n) * number(1) / since(start) / 1e6);
    }
  } else {
    KJ_FAIL_REQUIRE("unknown load", kind.c_str());
  }
}

// Every feature once, against a Worker at the other end.
void check(Worker::Client worker, kj::WaitScope& waitScope) {
  {
    Counter::Client mine = kj::heap<CounterImpl>();
    auto request = worker.callBackRequest();
    request.setCap(mine);
    request.setTimes(5);
    KJ_REQUIRE(request.send().wait(waitScope).getLast() == 4);
  }
  {
    // Calls through the promise, then through what it became, keep their order: an embargo.
    auto request = worker.echoCapRequest();
    request.setCap(kj::heap<CounterImpl>());
    auto promise = request.send();
    auto pipelined = promise.getCap();
    kj::Vector<kj::Promise<void>> calls;
    auto call = [&](uint32_t expected) {
      auto next = pipelined.nextRequest();
      next.setExpected(expected);
      calls.add(next.send().then([expected](auto&& response) { KJ_REQUIRE(response.getN() == expected); }));
    };
    call(0);
    call(1);
    promise.wait(waitScope);
    call(2);
    call(3);
    kj::joinPromises(calls.releaseAsArray()).wait(waitScope);
  }
  for (uint16_t type = 0; type < 4; type++) {
    auto request = worker.failRequest();
    request.setType(type);
    request.setReason("on purpose");
    KJ_IF_MAYBE(exception, kj::runCatchingExceptions([&]() { request.send().wait(waitScope); })) {
      KJ_REQUIRE(static_cast<uint16_t>(exception->getType()) == type, exception->getDescription());
      KJ_REQUIRE(strstr(exception->getDescription().cStr(), "on purpose") != nullptr, exception->getDescription());
    } else {
      KJ_FAIL_REQUIRE("no exception");
    }
  }
  {
    auto hanging = worker.hangRequest().send();
    { auto dropped = kj::mv(hanging); }
  }
  {
    auto self = worker.selfRequest().send();
    auto deep = self.getWorker().echoCapRequest();
    deep.setCap(kj::heap<CounterImpl>());
    auto answer = deep.send();
    auto next = answer.getCap().nextRequest();
    next.setExpected(0);
    auto counted = next.send();
    worker.openRequest().send().wait(waitScope);
    KJ_REQUIRE(counted.wait(waitScope).getN() == 0);
  }
  {
    auto mine = kj::heap<WorkerImpl>();
    Worker::Client here = kj::mv(mine);
    auto hold = here.holdRequest();
    hold.setCap(kj::heap<CounterImpl>());
    hold.send().wait(waitScope);
    auto tail = worker.tailRequest();
    tail.setTo(here);
    auto answer = tail.send();
    auto next = answer.getCap().nextRequest();
    next.setExpected(0);
    auto early = next.send();
    answer.wait(waitScope);
    KJ_REQUIRE(early.wait(waitScope).getN() == 0);
  }
  for (uint32_t i = 0; i < 500; i++) {
    auto request = worker.sinkRequest();
    request.setN(i);
    request.initData(i * 37);
    request.send().wait(waitScope);
  }
  KJ_REQUIRE(worker.totalRequest().send().wait(waitScope).getCalls() == 500);
  {
    auto promised = worker.promiseRequest().send().wait(waitScope).getCap();
    auto early = promised.nextRequest();
    early.setExpected(0);
    auto first = early.send();
    auto fulfill = worker.fulfillRequest();
    fulfill.setCap(kj::heap<CounterImpl>());
    fulfill.send().wait(waitScope);
    promised.whenResolved().wait(waitScope);
    auto late = promised.nextRequest();
    late.setExpected(1);
    KJ_REQUIRE(late.send().wait(waitScope).getN() == 1);
    KJ_REQUIRE(first.wait(waitScope).getN() == 0);
  }
  {
    auto promised = worker.promiseRequest().send().wait(waitScope).getCap();
    auto call = promised.nextRequest().send();
    worker.fulfillRequest().send().wait(waitScope);
    KJ_REQUIRE(kj::runCatchingExceptions([&]() { call.wait(waitScope); }) != nullptr);
  }
  std::printf("all held\n");
}

}  // namespace

int main(int argc, char** argv) {
  KJ_REQUIRE(argc >= 3, "usage: peer server ADDR [bench|worker] | peer client ADDR LOAD... | peer check ADDR");
  std::string mode = argv[1];
  auto io = kj::setupAsyncIo();
  if (mode == "server") {
    capnp::Capability::Client bootstrap = nullptr;
    if (argc > 3 && kj::StringPtr(argv[3]) == "worker") bootstrap = kj::heap<WorkerImpl>();
    else bootstrap = kj::heap<BenchImpl>();
    capnp::TwoPartyServer server(kj::mv(bootstrap));
    auto address = io.provider->getNetwork().parseAddress(argv[2]).wait(io.waitScope);
    auto listener = address->listen();
    std::printf("ready %u\n", listener->getPort());
    std::fflush(stdout);
    server.listen(*listener).wait(io.waitScope);
    return 0;
  }
  auto address = io.provider->getNetwork().parseAddress(argv[2]).wait(io.waitScope);
  auto stream = address->connect().wait(io.waitScope);
  capnp::TwoPartyClient client(*stream);
  if (mode == "client") load(client.bootstrap().castAs<Bench>(), io.waitScope, argc - 3, argv + 3);
  else check(client.bootstrap().castAs<Worker>(), io.waitScope);
  return 0;
}
