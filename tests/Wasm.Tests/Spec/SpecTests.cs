using System.Runtime.ExceptionServices;

namespace Wetware.Wasm.Tests.Spec;

/// <summary>Every assertion of the core test suite, file by file. What is skipped is counted: modules in text form.</summary>
public class SpecTests
{
    public static TheoryData<string> Files() => SpecArchive.IsPresent ? new(SpecArchive.Names) : new("absent");

    [Theory]
    [MemberData(nameof(Files))]
    public void Assertions_of_a_file_hold(string name)
    {
        Assert.SkipUnless(SpecArchive.IsPresent, "../shared/conformance/wasm/core-2.0.tar.gz is absent");
        using var script = new SpecScript(name, CompileOptions.Default);
        OnGuestThread(script.Run);
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {script.Passed} passed, {script.Skipped} skipped (text form)");
        Assert.True(script.Failures.Count == 0, $"{script.Failures.Count} failures\n" + string.Join('\n', script.Failures.Take(10)));
        Assert.True(script.Passed + script.Skipped > 0);
    }

    internal static void OnGuestThread(Action body)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = GuestThread.Create(
            () =>
            {
                try
                {
                    body();
                }
                catch (Exception caught)
                {
                    failure = ExceptionDispatchInfo.Capture(caught);
                }
            },
            StoreOptions.Default);
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
