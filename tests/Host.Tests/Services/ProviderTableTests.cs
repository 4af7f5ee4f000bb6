using FsCheck.Fluent;
using Wetware.Host.Services.Registry;
using Wetware.Testing;

namespace Wetware.Host.Tests.Services;

/// <summary>What a node lists, against a list that is searched from end to end.</summary>
public sealed class ProviderTableTests
{
    private const int EntriesMax = 4;

    [Fact]
    public void Whatever_is_done_it_lists_what_is_there_in_its_order_and_returns_everything_once() => Property.Check(
        Gen.Choose(0, 9_999).ListOf(),
        steps =>
        {
            var table = new ProviderTable<int>(EntriesMax);
            var model = new List<(ulong Id, string Service, int Value, long Until)>();
            var gone = new List<int>();
            var now = 0L;
            var values = 0;
            foreach (var step in steps)
            {
                var choice = step / 10;
                var service = $"{choice % 3}";
                var until = choice % 5 == 0 ? ProviderTable<int>.Never : now + (choice % 7);
                switch (step % 10)
                {
                    case < 4:
                        var hasRoom = model.Count(entry => entry.Until > now) < EntriesMax;
                        Assert.Equal(hasRoom, table.TryAdd(service, values, until, now, out var id));
                        if (hasRoom)
                        {
                            model.Add((id, service, values++, until));
                        }

                        break;
                    case < 6:
                        now += choice % 4;
                        break;
                    case 6 when model.Count > 0:
                        var at = choice % model.Count;
                        Assert.Equal(model[at].Until > now, table.TryRenew(model[at].Id, until, now));
                        if (model[at].Until > now)
                        {
                            model[at] = model[at] with { Until = until };
                        }

                        break;
                    case 7 when model.Count > 0:
                        var out_ = model[choice % model.Count];
                        if (table.TryRemove(out_.Id, out var removed))
                        {
                            Assert.Equal(out_.Value, removed);
                            gone.Add(removed);
                        }
                        else
                        {
                            Assert.True(out_.Until <= now);
                        }

                        model.Remove(out_);
                        break;
                }

                foreach (var name in new[] { "0", "1", "2" })
                {
                    if (choice % 2 == 0)
                    {
                        Assert.Equal(model.Where(entry => entry.Service == name && entry.Until > now).Select(entry => entry.Value), table.List(name, now));
                    }
                }

                Assert.True(table.Count <= EntriesMax);
                while (table.Expired.TryDequeue(out var expired))
                {
                    gone.Add(expired);
                }
            }

            Assert.Equal(gone.Count, gone.Distinct().Count());
            Assert.Equal(values, gone.Count + table.Count);
        },
        cases: 1_000);
}
