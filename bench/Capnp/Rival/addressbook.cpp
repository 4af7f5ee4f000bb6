// The address book of AddressBookWork.cs with the C++ implementation of Cap'n Proto: the same fields, the same sum.
#include "addressbook.capnp.h"
#include <capnp/message.h>
#include <capnp/serialize.h>
#include <capnp/serialize-packed.h>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

static const int persons = 1000, batches = 1500, rounds = 5;
static std::vector<std::string> names, emails, numbers;

static void build(capnp::MessageBuilder& message) {
  auto people = message.initRoot<AddressBook>().initPeople(persons);
  for (int i = 0; i < persons; i++) {
    auto person = people[i];
    person.setId(i);
    person.setName(capnp::Text::Reader(names[i].data(), names[i].size()));
    person.setEmail(capnp::Text::Reader(emails[i].data(), emails[i].size()));
    auto phones = person.initPhones(1 + (i & 1));
    for (unsigned j = 0; j < phones.size(); j++) {
      auto phone = phones[j];
      phone.setNumber(capnp::Text::Reader(numbers[i].data(), numbers[i].size()));
      phone.setType(static_cast<Person::PhoneNumber::Type>((i + j) % 3));
    }
    auto employment = person.getEmployment();
    switch (i & 3) {
      case 0: employment.setUnemployed(); break;
      case 1: employment.setEmployer("Initech"); break;
      case 2: employment.setSchool("MIT"); break;
      default: employment.setSelfEmployed(); break;
    }
  }
}

static long read(capnp::MessageReader& message) {
  long sum = 0;
  for (auto person : message.getRoot<AddressBook>().getPeople()) {
    sum += person.getId() + person.getName().size() + person.getEmail().size();
    for (auto phone : person.getPhones()) {
      sum += phone.getNumber().size() + static_cast<int>(phone.getType());
    }
    auto employment = person.getEmployment();
    switch (employment.which()) {
      case Person::Employment::EMPLOYER: sum += employment.getEmployer().size(); break;
      case Person::Employment::SCHOOL: sum += employment.getSchool().size(); break;
      default: sum += 1; break;
    }
  }
  return sum;
}

template <typename Stage> static void measure(const char* name, Stage stage) {
  long sum = 0;
  for (int i = 0; i < batches; i++) sum = stage();
  double best = 1e9;
  for (int batch = 0; batch < batches; batch++) {
    auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; i++) sum = stage();
    double us = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count() / rounds;
    if (us < best) best = us;
  }
  std::printf("C++ %-14s %6.1f us  sum %ld\n", name, best, sum);
}

int main() {
  for (int i = 0; i < persons; i++) {
    names.push_back("Person number " + std::to_string(i));
    emails.push_back("person." + std::to_string(i) + "@example.com");
    numbers.push_back("+1-555-01" + std::to_string(i));
  }
  // Scratch space that is reused, as our builder reuses its memory; it must be zero whenever a message starts in it.
  std::vector<capnp::word> scratch(64 * 1024), input(64 * 1024);
  auto space = kj::arrayPtr(scratch.data(), scratch.size());
  std::vector<kj::byte> output(1 << 20);
  kj::Array<capnp::word> frame;
  std::vector<kj::byte> packed;
  {
    capnp::MallocMessageBuilder message(space);
    build(message);
    frame = capnp::messageToFlatArray(message);
    kj::VectorOutputStream stream;
    capnp::writePackedMessage(stream, message);
    packed.assign(stream.getArray().begin(), stream.getArray().end());
  }
  std::printf("C++ %zu bytes, packed %zu\n", frame.asBytes().size(), packed.size());
  measure("build", [&] { capnp::MallocMessageBuilder message(space); build(message); return 0L; });
  measure("read", [&] { capnp::FlatArrayMessageReader message(frame); return read(message); });
  measure("all four", [&] {
    capnp::MallocMessageBuilder message(space);
    build(message);
    kj::ArrayOutputStream stream(kj::arrayPtr(output.data(), output.size()));
    capnp::writeMessage(stream, message);
    auto written = stream.getArray();
    capnp::FlatArrayMessageReader reader(kj::arrayPtr(reinterpret_cast<const capnp::word*>(written.begin()), written.size() / 8));
    return read(reader);
  });
  measure("packed write", [&] {
    capnp::MallocMessageBuilder message(space);
    build(message);
    kj::ArrayOutputStream stream(kj::arrayPtr(output.data(), output.size()));
    capnp::writePackedMessage(stream, message);
    return 0L;
  });
  measure("packed read", [&] {
    kj::ArrayInputStream stream(kj::arrayPtr(packed.data(), packed.size()));
    capnp::PackedMessageReader message(stream, capnp::ReaderOptions(), kj::arrayPtr(input.data(), input.size()));
    return read(message);
  });
}
