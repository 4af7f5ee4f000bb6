using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Wetware.Core.Multiformats;
using Wetware.Wasm;

namespace Wetware.Samples.Scheduler;

/// <summary>Reads what is submitted, and refuses what cannot work.</summary>
internal static class Submission
{
    private static readonly string[] s_fields = ["id", "description", "start", "delay", "repeats", "timeout", "input", "arg"];

    /// <summary>Reads the task and the program of a request.</summary>
    /// <exception cref="BadSubmissionException">They are refused.</exception>
    public static async Task<(TaskRecord Task, byte[] Program)> ReadAsync(HttpRequest request, DateTimeOffset now, CancellationToken cancellation)
    {
        var form = await FormAsync(request, cancellation).ConfigureAwait(false);
        foreach (var field in form.Keys)
        {
            Require(s_fields.Contains(field, StringComparer.Ordinal), $"there is no field '{field}'");
            Require(field == "arg" || form[field].Count == 1, $"the field '{field}' is there more than once");
        }

        var program = await ProgramAsync(form.Files, cancellation).ConfigureAwait(false);
        var task = new TaskRecord
        {
            Id = Text(form, "id", Guid.NewGuid().ToString("N"), Limits.IdCharsMax),
            Description = Text(form, "description", "", Limits.DescriptionCharsMax),
            Start = Number(form, "start", 0, 0, Limits.ScheduleSecondsMax),
            Delay = Number(form, "delay", 0, 0, Limits.ScheduleSecondsMax),
            Repeats = Number(form, "repeats", 1, 1, Limits.RepeatsMax),
            Timeout = Number(form, "timeout", 10, 1, Limits.TimeoutSecondsMax),
            Input = Encoding.UTF8.GetBytes(form["input"].ToString()),
            Arguments = [.. form["arg"].Select(static argument => argument ?? "")],
            Program = Cid.Of(program).ToString(),
            Submitted = now,
        };
        Require(task.Id.Length > 0 && task.Id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && task.Id.Trim('.').Length > 0,
            "id is letters, digits, '.', '-' and '_', and not only dots");
        Require(task.Start + ((task.Repeats - 1L) * task.Delay) <= Limits.ScheduleSecondsMax,
            $"the last run must begin within {Limits.ScheduleSecondsMax} s");
        Require(task.Arguments.Count <= Limits.ArgumentsMax && task.Arguments.Sum(static argument => argument.Length) <= Limits.ArgumentCharsMax,
            $"there are at most {Limits.ArgumentsMax} arguments of {Limits.ArgumentCharsMax} characters together");
        Require(!task.Arguments.Any(static argument => argument.Contains('\0', StringComparison.Ordinal)), "an argument holds no NUL");
        RequireRoom(task.Input.Length <= Limits.InputBytesMax, $"input is at most {Limits.InputBytesMax} bytes");
        return (task, program);
    }

    private static async Task<IFormCollection> FormAsync(HttpRequest request, CancellationToken cancellation)
    {
        Require(
            request.HasFormContentType && request.ContentType!.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase),
            "the body must be multipart/form-data");
        try
        {
            return await request.ReadFormAsync(cancellation).ConfigureAwait(false);
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new BadSubmissionException(bad.StatusCode, $"a request is at most {Limits.ProgramBytesMax + Limits.FieldsBytesMax} bytes");
        }
        catch (Exception bad) when (bad is InvalidDataException or IOException)
        {
            throw new BadSubmissionException(StatusCodes.Status400BadRequest, "the form cannot be read: " + bad.Message);
        }
    }

    private static async Task<byte[]> ProgramAsync(IFormFileCollection files, CancellationToken cancellation)
    {
        Require(files.Count == 1 && files[0].Name == "wasm", "there must be one file, 'wasm'");
        RequireRoom(files[0].Length <= Limits.ProgramBytesMax, $"a program is at most {Limits.ProgramBytesMax} bytes");
        var program = new byte[files[0].Length];
        var stream = files[0].OpenReadStream();
        await using (stream.ConfigureAwait(false))
        {
            await stream.ReadExactlyAsync(program, cancellation).ConfigureAwait(false);
        }

        try
        {
            CompiledModule.Validate(program);
            return program;
        }
        catch (ModuleException refused)
        {
            throw new BadSubmissionException(StatusCodes.Status400BadRequest, "wasm is refused: " + refused.Message);
        }
    }

    private static string Text(IFormCollection form, string field, string missing, int charsMax)
    {
        var text = form.TryGetValue(field, out var values) ? values.ToString() : missing;
        Require(text.Length <= charsMax, $"{field} is at most {charsMax} characters");
        return text;
    }

    private static int Number(IFormCollection form, string field, int missing, int least, int most)
    {
        var number = missing;
        Require(
            !form.TryGetValue(field, out var values)
                || (int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most),
            $"{field} is a whole number from {least} to {most}");
        return number;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new BadSubmissionException(StatusCodes.Status400BadRequest, what);
        }
    }

    private static void RequireRoom(bool holds, string what)
    {
        if (!holds)
        {
            throw new BadSubmissionException(StatusCodes.Status413PayloadTooLarge, what);
        }
    }
}
