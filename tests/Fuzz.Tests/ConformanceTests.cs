using System.Globalization;
using Wetware.Fuzz.Linearizability;
using Wetware.Testing;

namespace Wetware.Fuzz.Tests;

/// <summary>Histories of real systems, with verdicts that others established.</summary>
public sealed class ConformanceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly int[] Linearizable = [2, 5, 7, 18, 25, 31, 38, 45, 48, 49, 51];

    [Fact]
    public void EveryRegisterHistoryGetsItsVerdict()
    {
        var folder = Conformance.Shared("conformance/linearizability/jepsen");
        var checker = new Checker<long, RegisterCall>(new RegisterModel());
        var files = Directory.GetFiles(folder, "etcd_*.log");
        Assert.Equal(52, files.Length);
        foreach (var file in files)
        {
            using var text = File.OpenText(file);
            var history = JepsenLog.Read(text);
            var number = int.Parse(Path.GetFileNameWithoutExtension(file)["etcd_".Length..], CultureInfo.InvariantCulture);
            var expected = Linearizable.Contains(number) ? Verdict.Linearizable : Verdict.NotLinearizable;
            Assert.Equal((number, expected), (number, checker.Check(history.Operations, Limit).Verdict));
        }
    }

    [Theory]
    [InlineData("c10-ok", true)]
    [InlineData("c10-bad", false)]
    public void EveryKeyValueHistoryGetsItsVerdict(string name, bool linearizable)
    {
        using var text = File.OpenText(Conformance.Shared($"conformance/linearizability/kv/{name}.txt"));
        var history = KeyValueLog.Read(text);
        var result = new Checker<string, KeyValueCall>(new KeyValueModel()).Check(history.Operations, Limit);
        Assert.Equal(linearizable ? Verdict.Linearizable : Verdict.NotLinearizable, result.Verdict);
    }

    [Fact]
    public void AFailureNamesTheOperationThatNothingSatisfies()
    {
        var history = new History<RegisterCall>();
        history.Return(history.Invoke(0, RegisterCall.Write(1)), RegisterCall.Write(1));
        var read = history.Invoke(1, RegisterCall.Read());
        history.Return(read, RegisterCall.Read(2));
        var result = new Checker<long, RegisterCall>(new RegisterModel()).Check(history.Operations, Limit);
        Assert.Equal(Verdict.NotLinearizable, result.Verdict);
        Assert.Equal(read, result.Stuck);
        Assert.Equal([0], result.Order);
    }

    [Fact]
    public void TheDeadlineIsKept()
    {
        var history = new History<QueueCall>();
        for (var i = 0; i < 40; i++)
        {
            history.Invoke(i, QueueCall.Enqueue(i));
        }

        for (var i = 0; i < 40; i++)
        {
            history.Return(i, QueueCall.Enqueue(i));
        }

        for (var i = 0; i < 40; i++)
        {
            history.Return(history.Invoke(0, QueueCall.Dequeue()), QueueCall.Dequeue(i == 39 ? 0 : i));
        }

        var result = new Checker<QueueContents, QueueCall>(new QueueModel()).Check(history.Operations, TimeSpan.FromMilliseconds(20));
        Assert.Equal(Verdict.Unknown, result.Verdict);
    }
}
