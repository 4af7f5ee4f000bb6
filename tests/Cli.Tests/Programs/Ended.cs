namespace Wetware.Cli.Tests.Programs;

/// <summary>What a run of ww that has ended left behind.</summary>
internal sealed record Ended(string Command, int Code, string Output, string Error)
{
    public IReadOnlyList<string> OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public IReadOnlyList<string> ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>It did what it was asked to, and had nothing to complain about.</summary>
    public Ended Succeeded()
    {
        Assert.True(Code == 0, ToString());
        return this;
    }

    /// <summary>It refused with a documented code and exactly one line, which says everything that a user needs.</summary>
    public void Refused(int code, params string[] says)
    {
        Complained(code, says);
        Assert.True(ErrorLines.Count == 1, ToString());
        Assert.StartsWith("ww: ", ErrorLines[0], StringComparison.Ordinal);
    }

    /// <summary>It refused with a documented code, said why, and showed nothing of its inside.</summary>
    public void Complained(int code, params string[] says)
    {
        Assert.True(Code == code, ToString());
        Assert.True(Output.Length == 0, ToString());
        Assert.All(says, text => Assert.Contains(text, Error, StringComparison.Ordinal));
        NoTrace(Error);
    }

    /// <summary>Text that people read holds no stack trace.</summary>
    public static void NoTrace(string text)
    {
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
    }

    public override string ToString() => $"{Command}\nended with {Code}\n-- output\n{Output}\n-- error\n{Error}";
}
