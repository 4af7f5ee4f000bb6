using Wetware.Core;
using Wetware.Rpc.Hooks;

namespace Wetware.Rpc.Vat;

/// <summary>The end of a connection: everything that hangs on it is told, and every count is given back. Runs under the gate.</summary>
internal static class Closing
{
    /// <summary>Empties the tables.</summary>
    public static void Collect(Tables tables, RpcException error, List<Effect> effects)
    {
        Questions(tables, error, effects);
        foreach (var call in tables.Answers.TakeAll())
        {
            call.IsForgotten = true;
            effects.Add(new Effect(EffectKind.Cancel, call));
            effects.Add(new Effect(EffectKind.Forget, call));
        }

        foreach (var import in tables.Imports.TakeAll())
        {
            import.References = 0;
            Break(import, error, effects);
        }

        Exports(tables, effects);
        Embargoes(tables, error, effects);
        tables.EarlyDropped.Clear();
        Invariant.Check(tables.IsEmpty);
    }

    private static void Questions(Tables tables, RpcException error, List<Effect> effects)
    {
        for (uint id = 0; id < tables.Questions.End; id++)
        {
            if (!tables.Questions.TryGet(id, out var question))
            {
                continue;
            }

            foreach (var pipeline in question.Pipelines)
            {
                Break(pipeline, error, effects);
            }

            if (question.Call is { } call)
            {
                effects.Add(new Effect(EffectKind.Fail, call, error));
            }

            tables.Questions.Remove(id);
        }
    }

    private static void Exports(Tables tables, List<Effect> effects)
    {
        for (uint id = 0; id < tables.Exports.End; id++)
        {
            if (tables.Exports.TryGet(id, out var export))
            {
                effects.Add(new Effect(EffectKind.Release, export.Hook));
                tables.Exports.Remove(id);
            }
        }

        tables.ExportIds.Clear();
    }

    private static void Embargoes(Tables tables, RpcException error, List<Effect> effects)
    {
        for (uint id = 0; id < tables.Embargoes.End; id++)
        {
            if (tables.Embargoes.TryGet(id, out var embargo))
            {
                // What went the long way may be lost, so what waits behind it must not overtake it now.
                effects.Add(new Effect(EffectKind.Settle, embargo.Gate, new BrokenHook(error)));
                effects.Add(new Effect(EffectKind.Release, embargo.Target));
                tables.Embargoes.Remove(id);
            }
        }
    }

    private static void Break(RemoteHook hook, RpcException error, List<Effect> effects)
    {
        // A hook whose last count has just gone needs no new way; nobody can call it.
        if (hook.TryAddReference())
        {
            if (hook.Resolution is null)
            {
                hook.Redirect(new BrokenHook(error));
            }

            effects.Add(new Effect(EffectKind.Announce, hook));
        }
    }
}
