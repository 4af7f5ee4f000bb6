using System.Net;
using System.Text.Json;
using Wetware.Protocol.Queues;
using Wetware.Queue;
using Wetware.Samples.Scheduler;

namespace Wetware.Scheduler.Tests;

public sealed class SchedulerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-test-").FullName;
    private readonly HttpClient _http = new();

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_task_runs_as_often_as_it_says_and_is_gone_when_it_is_deleted()
    {
        await using var scheduler = await StartAsync(workers: 2);
        using var submitted = await SubmitAsync(scheduler, ("id", "greet"), ("arg", "echo"), ("input", "hello"), ("repeats", "6"));
        Assert.Equal(HttpStatusCode.Created, submitted.StatusCode);
        Assert.Equal("/tasks/greet", submitted.Headers.Location!.OriginalString);

        var task = await DoneAsync(scheduler, "greet");
        Assert.Equal(6, task.GetProperty("completions").GetInt32());
        var runs = task.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal(Samples.Scheduler.Limits.RunsKept, runs.Count);
        Assert.Equal(runs.Count, runs.Select(run => run.GetProperty("number").GetInt32()).Distinct().Count());
        Assert.All(runs, run => Assert.Equal("exited 0 hello", $"{run.GetProperty("ending")} {run.GetProperty("exitCode")} {run.GetProperty("output")}"));
        Assert.Equal("greet", Assert.Single((await JsonAsync(scheduler, "tasks")).EnumerateArray()).GetProperty("id").GetString());

        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(scheduler, "greet"));
        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(scheduler, "greet"));
        using var gone = await _http.GetAsync(new Uri(scheduler.Url, "tasks/greet"), Limit);
        await AssertErrorAsync(HttpStatusCode.NotFound, gone);
        Assert.Empty((await JsonAsync(scheduler, "tasks")).EnumerateArray());
    }

    [Theory]
    [InlineData("spin", "timed out", "it ran longer than 1 s")]
    [InlineData("trap", "trapped", "unreachable")]
    [InlineData("flood 1000", "output exceeded", "it wrote more than 16384 bytes")]
    [InlineData("exit 7", "exited", "")]
    public async Task A_program_that_fails_is_told_of_its_run(string arguments, string ending, string reason)
    {
        await using var scheduler = await StartAsync(workers: 1);
        var fields = arguments.Split(' ').Select(static argument => ("arg", argument));
        using var submitted = await SubmitAsync(scheduler, [("id", "bad"), ("timeout", ending == "timed out" ? "1" : "60"), .. fields]);
        var run = Assert.Single((await DoneAsync(scheduler, "bad")).GetProperty("runs").EnumerateArray());
        Assert.Equal(ending, run.GetProperty("ending").GetString());
        Assert.Contains(reason, run.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(ending == "exited" ? "7" : "", run.GetProperty("exitCode").ToString());
    }

    [Fact]
    public async Task What_cannot_work_is_refused_and_leaves_nothing_behind()
    {
        await using var scheduler = await StartAsync(workers: 0);
        (string, string)[] refused =
        [
            ("id", "a/b"), ("id", ""), ("id", ".."), ("repeats", "0"), ("repeats", "x"), ("start", "-1"), ("start", "86401"), ("timeout", "601"),
            ("difficulty", "3"), ("description", new string('x', 1025)),
        ];
        foreach (var field in refused)
        {
            using var answer = await SubmitAsync(scheduler, field);
            await AssertErrorAsync(HttpStatusCode.BadRequest, answer);
        }

        using var beyond = await SubmitAsync(scheduler, ("repeats", "1000"), ("delay", "1000"));
        await AssertErrorAsync(HttpStatusCode.BadRequest, beyond);
        using var input = await SubmitAsync(scheduler, ("input", new string('x', Samples.Scheduler.Limits.InputBytesMax + 1)));
        await AssertErrorAsync(HttpStatusCode.RequestEntityTooLarge, input);
        using var large = await PostAsync(scheduler, new byte[Samples.Scheduler.Limits.ProgramBytesMax + 1]);
        await AssertErrorAsync(HttpStatusCode.RequestEntityTooLarge, large);
        using var garbage = await PostAsync(scheduler, "no program"u8.ToArray());
        await AssertErrorAsync(HttpStatusCode.BadRequest, garbage);
        using var text = await _http.PostAsync(new Uri(scheduler.Url, "tasks"), new StringContent("{}"), Limit);
        await AssertErrorAsync(HttpStatusCode.BadRequest, text);
        using var put = await _http.PutAsync(new Uri(scheduler.Url, "tasks"), new StringContent("{}"), Limit);
        await AssertErrorAsync(HttpStatusCode.MethodNotAllowed, put);
        Assert.Empty((await JsonAsync(scheduler, "tasks")).EnumerateArray());
        var topics = (await scheduler.Node.Session.Queues.QueryAsync(QueueQuery.Topics, Limit)).Topics;
        Assert.Equal(3, topics.Count);
        Assert.All(topics, static topic => Assert.Equal(0UL, topic.Stats.Open + topic.Stats.Dead));
    }

    [Fact]
    public async Task An_id_is_used_once()
    {
        await using var scheduler = await StartAsync(workers: 0);
        using var first = await SubmitAsync(scheduler, ("id", "one"));
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        using var second = await SubmitAsync(scheduler, ("id", "one"));
        await AssertErrorAsync(HttpStatusCode.Conflict, second);
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(scheduler, "one"));
        using var third = await SubmitAsync(scheduler, ("id", "one"));
        await AssertErrorAsync(HttpStatusCode.Conflict, third);
        var topics = (await scheduler.Node.Session.Queues.QueryAsync(QueueQuery.Topics, Limit)).Topics;
        Assert.Equal(1UL, topics.Aggregate(0UL, static (sum, topic) => sum + topic.Stats.Open + topic.Stats.Dead));
    }

    [Fact]
    public async Task What_was_submitted_before_a_restart_runs_after_it_and_its_result_stays()
    {
        await using (var before = await StartAsync(workers: 0))
        {
            using var submitted = await SubmitAsync(before, ("id", "later"), ("arg", "echo"), ("input", "kept"));
            Assert.Equal(HttpStatusCode.Created, submitted.StatusCode);
        }

        await using (var after = await StartAsync(workers: 1))
        {
            await DoneAsync(after, "later");
        }

        await using var last = await StartAsync(workers: 1);
        var task = await DoneAsync(last, "later");
        Assert.Equal(1, task.GetProperty("completions").GetInt32());
        Assert.Equal("kept", Assert.Single(task.GetProperty("runs").EnumerateArray()).GetProperty("output").GetString());
    }

    [Fact]
    public async Task A_run_whose_worker_is_killed_goes_to_another_and_is_recorded_once()
    {
        using (var killed = new SchedulerProcess(_folder, workers: 1))
        {
            var url = await killed.UrlAsync(Limit);
            using var submitted = await SubmitAsync(url, ("id", "hard"), ("arg", "spin"), ("timeout", "6"));
            Assert.Equal(HttpStatusCode.Created, submitted.StatusCode);
            await UntilAsync(url, "hard", "running");
        }

        await using var after = await StartAsync(workers: 2);
        var task = await DoneAsync(after, "hard");
        Assert.Equal(1, task.GetProperty("completions").GetInt32());
        var run = Assert.Single(task.GetProperty("runs").EnumerateArray());
        Assert.Equal("1 timed out", $"{run.GetProperty("number")} {run.GetProperty("ending")}");
        Assert.True(run.GetProperty("attempt").GetInt32() > 1, "the killed worker ended it");
    }

    [Fact]
    public async Task A_run_that_takes_every_worker_down_is_given_up()
    {
        await using var scheduler = await StartAsync(workers: 0);
        using var submitted = await SubmitAsync(scheduler, ("id", "deadly"));
        var book = await TaskBook.OpenAsync(scheduler.Node.Session.Queues, Limit);
        for (var attempt = 1U; attempt <= Samples.Scheduler.Limits.AttemptsMax; attempt++)
        {
            HeldRun? held;
            while ((held = await book.TakeAsync(TimeSpan.FromMilliseconds(1), Limit)) is null)
            {
            }

            Assert.Equal(attempt, held.Attempt);
        }

        while (!(await book.FindAsync("deadly", Limit))!.Runs.Any())
        {
            Assert.Null(await book.TakeAsync(TimeSpan.FromMilliseconds(1), Limit));
        }

        var run = Assert.Single((await DoneAsync(scheduler, "deadly")).GetProperty("runs").EnumerateArray());
        Assert.Equal("lost 5 workers were lost with it", $"{run.GetProperty("ending")} {run.GetProperty("reason")}");
    }

    [Fact]
    public async Task Deleting_a_task_ends_the_run_that_is_under_way()
    {
        await using var scheduler = await StartAsync(workers: 1);
        using var submitted = await SubmitAsync(scheduler, ("id", "endless"), ("arg", "spin"), ("timeout", "600"));
        await UntilAsync(scheduler.Url, "endless", "running");
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(scheduler, "endless"));
        using var next = await SubmitAsync(scheduler, ("id", "next"), ("arg", "echo"));
        await DoneAsync(scheduler, "next");
    }

    [Fact]
    public async Task A_node_that_joins_works_for_the_one_that_takes_requests()
    {
        await using var gateway = await StartAsync(workers: 0);
        await using var worker = await SchedulerNode.StartAsync(
            Options("b", workers: 2) with { Join = [gateway.Node.Addresses[0].ToString()] }, Limit);
        using var submitted = await SubmitAsync(gateway, ("id", "far"), ("arg", "echo"), ("input", "over there"));
        var run = Assert.Single((await DoneAsync(gateway, "far")).GetProperty("runs").EnumerateArray());
        Assert.Equal($"over there {worker.Node.Peer}", $"{run.GetProperty("output")} {run.GetProperty("worker")}");
    }

    private static async Task AssertErrorAsync(HttpStatusCode status, HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync(Limit);
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {body}");
        using var json = JsonDocument.Parse(body);
        Assert.DoesNotContain('\n', json.RootElement.GetProperty("error").GetString()!);
    }

    private Task<SchedulerNode> StartAsync(int workers) => SchedulerNode.StartAsync(Options("a", workers), Limit);

    private SchedulerOptions Options(string name, int workers) => new()
    {
        DataFolder = Path.Combine(_folder, name),
        Urls = "http://127.0.0.1:0",
        Workers = workers,
        Lease = TimeSpan.FromSeconds(10),
    };

    private Task<HttpResponseMessage> SubmitAsync(SchedulerNode scheduler, params (string, string)[] fields) => SubmitAsync(scheduler.Url, fields);

    private Task<HttpResponseMessage> SubmitAsync(Uri url, params (string, string)[] fields) => PostAsync(url, Program(), fields);

    private Task<HttpResponseMessage> PostAsync(SchedulerNode scheduler, byte[] program) => PostAsync(scheduler.Url, program);

    private async Task<HttpResponseMessage> PostAsync(Uri url, byte[] program, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new ByteArrayContent(program), "wasm", "worker.wasm");
        return await _http.PostAsync(new Uri(url, "tasks"), form, Limit);
    }

    private async Task<HttpStatusCode> DeleteAsync(SchedulerNode scheduler, string id)
    {
        using var answer = await _http.DeleteAsync(new Uri(scheduler.Url, "tasks/" + id), Limit);
        return answer.StatusCode;
    }

    [Fact]
    public async Task The_system_can_ask_it_to_end()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Limit);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        using var scheduler = new SchedulerProcess(_folder, workers: 1);
        await scheduler.UrlAsync(patience.Token);
        Assert.Equal(0, await scheduler.StopAsync(patience.Token));
    }

    private Task<JsonElement> DoneAsync(SchedulerNode scheduler, string id) => UntilAsync(scheduler.Url, id, "done");

    /// <summary>Asks until a task is in a state.</summary>
    private async Task<JsonElement> UntilAsync(Uri url, string id, string state)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Limit);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            var task = await JsonAsync(url, "tasks/" + id);
            if (task.GetProperty("state").GetString() == state)
            {
                return task;
            }

            await Task.Delay(20, patience.Token);
        }
    }

    private Task<JsonElement> JsonAsync(SchedulerNode scheduler, string path) => JsonAsync(scheduler.Url, path);

    private async Task<JsonElement> JsonAsync(Uri url, string path)
    {
        using var json = JsonDocument.Parse(await _http.GetStringAsync(new Uri(url, path), Limit));
        return json.RootElement.Clone();
    }

    private static byte[] Program()
    {
        using var stream = typeof(SchedulerTests).Assembly.GetManifestResourceStream("worker.wasm")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
