using Wetware.Fuzz.Log;
using Wetware.Testing;

namespace Wetware.Raft.Tests.Log;

public class LogFuzzTests
{
    [Fact]
    public void Damaged_folders_crashes_and_failed_syncs_lose_nothing_silently_and_throw_nothing_strange()
    {
        var seed = Property.Seed();
        Assert.Equal(0, LogFuzz.Run(seed, cases: 400));
    }
}
