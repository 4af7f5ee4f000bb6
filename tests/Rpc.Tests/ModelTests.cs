using Wetware.Fuzz.Rpc;
using Wetware.Testing;

namespace Wetware.Rpc.Tests;

public sealed class ModelTests
{
    private static int Cases => int.TryParse(Environment.GetEnvironmentVariable("WW_CASES"), out var cases) ? cases : 300;

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Random_schedules_keep_order_and_leave_nothing_behind(int vats, bool cutsLines)
    {
        var seed = Property.Seed();
        for (var i = 0; i < Cases; i++)
        {
            try
            {
                using var model = new Model(seed, vats);
                model.Run(20 + (int)(seed % 600), cutsLines);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"replay with WW_SEED={seed} WW_CASES=1: {failure.Message}", failure);
            }

            seed++;
        }
    }
}
