using Wetware.Core;
using Wetware.Capnp;
using Wetware.Rpc;
using Wetware.Rpc.Vat.Generated;

namespace Wetware.Fuzz.Rpc;

/// <summary>
/// Sends mutated messages of the RPC protocol to a vat over memory: whatever comes, the connection lives on or ends with a
/// reason, nothing is thrown, and nothing hangs.
/// </summary>
internal static class FrameFuzz
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static int Run(ulong seed, ulong sessions)
    {
        Console.WriteLine($"fuzz rpc frames --seed {seed} --sessions {sessions}");
        for (var i = 0UL; i < sessions; i++)
        {
            try
            {
                SessionAsync(seed).WaitAsync(s_patience).GetAwaiter().GetResult();
            }
            catch (System.Exception failure)
            {
                Console.WriteLine($"failed; replay with: dotnet run -c Release --project fuzz -- rpc frames --seed {seed} --sessions 1\n{failure}");
                return 1;
            }

            seed++;
        }

        Console.WriteLine("rpc frames: held");
        return 0;
    }

    private static async Task SessionAsync(ulong seed)
    {
        var prng = new Prng(seed);
        var there = new System.IO.Pipelines.Pipe();
        var back = new System.IO.Pipelines.Pipe();
        using var bootstrap = Capability.Serve(new EchoServer());
        var transport = Wetware.Rpc.Transport.Transports.FromPipe(new Duplex(there.Reader, back.Writer), "fuzz");
        await using var connection = RpcConnection.Start(transport, RpcOptions.Default with { Bootstrap = bootstrap });
        using var asked = connection.Bootstrap();
        using var call = asked.NewRequest(1, 1).Send();
        var draining = DrainAsync(back.Reader);
        for (var i = 0; i < 20; i++)
        {
            var bytes = Message(ref prng);
            var mutations = prng.Chance(0.3) ? 0 : prng.Between(1, 6);
            for (var m = 0; m < mutations; m++)
            {
                // The segment table is left alone mostly: a wrong length only makes the rest be waited for.
                var from = prng.Chance(0.02) ? 0 : 8;
                bytes[from + (int)prng.Below((ulong)(bytes.Length - from))] = prng.Chance(0.5) ? (byte)prng.Below(8) : (byte)prng.Next();
            }

            await there.Writer.WriteAsync(bytes);
        }

        await there.Writer.CompleteAsync();
        await connection.Closed;
        await draining;
    }

    private static byte[] Message(ref Prng prng)
    {
        var builder = new MessageBuilder();
        var message = builder.InitRoot<Message.Builder>();
        var id = (uint)prng.Below(4);
        switch (prng.Below(8))
        {
            case 0:
                message.InitBootstrap().QuestionId = id;
                break;
            case 1:
            case 2:
                var call = message.InitCall();
                call.QuestionId = id;
                var promised = call.InitTarget().InitPromisedAnswer();
                promised.QuestionId = (uint)prng.Below(4);
                var payload = call.InitParams();
                payload.Content.InitStruct(new(1, 1)).GetPointer(0).SetCapabilityIndex(0);
                var own = payload.InitCapTable(1)[0];
                own.SenderHosted = (uint)prng.Below(4);
                break;
            case 3:
                var returned = message.InitReturn();
                returned.AnswerId = (uint)prng.Below(3);
                var results = returned.InitResults();
                results.Content.SetCapabilityIndex(0);
                var theirs = results.InitCapTable(1)[0];
                theirs.SenderPromise = (uint)prng.Below(4);
                break;
            case 4:
                message.InitFinish().QuestionId = id;
                break;
            case 5:
                var resolve = message.InitResolve();
                resolve.PromiseId = id;
                var cap = resolve.InitCap();
                cap.ReceiverHosted = 0;
                break;
            case 6:
                var release = message.InitRelease();
                release.Id = id;
                release.ReferenceCount = 1;
                break;
            default:
                var disembargo = message.InitDisembargo();
                var target = disembargo.InitTarget();
                target.ImportedCap = id;
                break;
        }

        var segment = builder.GetSegmentBytes(0).Span;
        var bytes = new byte[8 + segment.Length];
        BitConverter.TryWriteBytes(bytes.AsSpan(4), segment.Length / 8);
        segment.CopyTo(bytes.AsSpan(8));
        return bytes;
    }

    private static async Task DrainAsync(System.IO.Pipelines.PipeReader reader)
    {
        while (true)
        {
            var result = await reader.ReadAsync();
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private sealed record Duplex(System.IO.Pipelines.PipeReader Input, System.IO.Pipelines.PipeWriter Output) : System.IO.Pipelines.IDuplexPipe;

    private sealed class EchoServer : ICapabilityServer
    {
        public ValueTask DispatchAsync(ulong interfaceId, ushort methodId, CallContext call)
        {
            call.Results.Set(call.Parameters);
            return default;
        }
    }
}
