using System.Collections.Immutable;
using Wetware.Core;
using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Log;

/// <summary>
/// A random program over a log, run beside the model. Remembers every state that a crash may leave: the one last
/// acknowledged, and those that each unacknowledged change since has made.
/// </summary>
internal sealed class LogProgram
{
    public const int Groups = 3;

    private readonly int _length;
    private Prng _prng;
    private int _turn;

    public LogProgram(ulong seed, int length)
    {
        _prng = new(seed);
        _length = length;
        Possible = [ImmutableArray.Create(Enumerable.Repeat(new ModelGroup(), Groups).ToArray())];
    }

    /// <summary>The acknowledged state first, then what each change since made of it. A recovered log must be one of them.</summary>
    public List<ImmutableArray<ModelGroup>> Possible { get; }

    public ImmutableArray<ModelGroup> Current => Possible[^1];

    public bool IsDone => _turn >= _length;

    public static GroupLog Group(WriteAheadLog log, int i) => log.Group(new((ulong)i + 1));

    /// <summary>Runs to the end, or to whatever the disk throws.</summary>
    public void Run(WriteAheadLog log)
    {
        while (!IsDone)
        {
            _turn++;
            Step(log);
        }

        Commit(log);
    }

    public void Commit(WriteAheadLog log)
    {
        log.Commit();
        Acknowledge(Current);
    }

    public void Acknowledge(ImmutableArray<ModelGroup> state)
    {
        Possible.Clear();
        Possible.Add(state);
    }

    /// <summary>Which of the possible states a recovered log shows; -1 if none.</summary>
    public int Find(WriteAheadLog log) =>
        Possible.FindLastIndex(state => Enumerable.Range(0, Groups).All(i => state[i].Matches(Group(log, i))));

    private void Step(WriteAheadLog log)
    {
        var i = (int)_prng.Below(Groups);
        var group = Group(log, i);
        var model = Current[i];
        switch (_prng.Below(20))
        {
            case < 8:
                AppendSome(group, i, model.Last + 1, Math.Max(1, model.LastTerm + (_prng.Chance(0.2) ? 1UL : 0)));
                break;
            case < 10 when model.Entries.Length > 0:
                // A new leader's entries conflict with some suffix.
                AppendSome(group, i, model.Last - _prng.Below(Math.Min(4, (ulong)model.Entries.Length)), model.LastTerm + 1);
                break;
            case < 12:
                var state = new HardState(new(model.HardState.Term.Value + _prng.Below(2)), new(1 + _prng.Below(3)), new(model.Offset + _prng.Below(2)));
                Change(i, model with { HardState = state });
                group.SetHardState(state);
                break;
            case < 13 when model.Entries.Length > 0:
                var through = model.Offset + 1 + _prng.Below((ulong)model.Entries.Length);
                Change(i, model.Compact(through));
                group.Compact(new(through));
                break;
            case < 14:
                Install(log, i, model);
                break;
            case < 16:
                Commit(log);
                log.Reclaim();
                break;
            case < 17:
                Commit(log);
                log.MoveOldest();
                Commit(log);
                log.Reclaim();
                break;
            default:
                Commit(log);
                break;
        }
    }

    private void Install(WriteAheadLog log, int i, ModelGroup model)
    {
        var (index, term) = (model.Last + 1 + _prng.Below(3), Math.Max(1, model.LastTerm));
        var group = Group(log, i);
        using var writer = log.Snapshots.Begin(group.Id, new(new(index), new(term), ConfState.OfVoters(new NodeId(1), new NodeId(index))));
        writer.Write(Logs.Payload(term, index, (int)_prng.Below(2000)));
        var snapshot = writer.Complete();
        Change(i, model.Install(index, term));
        group.Install(snapshot);
    }

    private void AppendSome(GroupLog group, int i, ulong from, ulong term)
    {
        var count = 1 + _prng.Below(4);
        for (var index = from; index < from + count; index++)
        {
            var bytes = (int)(_prng.Chance(0.1) ? _prng.Below(4000) : _prng.Below(40));
            Change(i, Current[i].Append(index, term, bytes));
            group.Append([Logs.Entry(term, index, bytes)]);
        }
    }

    private void Change(int i, ModelGroup changed) => Possible.Add(Current.SetItem(i, changed));
}
