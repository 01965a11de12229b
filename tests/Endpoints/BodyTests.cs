using System.Buffers;
using System.Text;

namespace Instrumentator.Tests;

public sealed class BodyTests
{
    [Theory]
    [InlineData("/stream", "one,two,")]
    [InlineData("/writer", "writer, then stream")]
    [InlineData("/mixed", "one,two,three,four")]
    [InlineData("/begun", "[x")]
    [InlineData("/json", "{\"text\":\"json\"}")]
    [InlineData("/file", "from a file")]
    [InlineData("/completed", "done")]
    [InlineData("/sized", "sized")]
    public async Task A_captured_body_is_sent_unchanged_and_can_be_read(string path, string text)
    {
        var kept = "";
        await using var app = await StartAsync(
            config => config with { BodyHandlers = ["^" + path] },
            info => kept = Encoding.UTF8.GetString(info.Response.Body.Span));

        var response = await app.Client.GetAsync(
            new Uri(path, UriKind.Relative),
            TestContext.Current.CancellationToken);

        Assert.Equal(text, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(text, kept);
        Assert.Equal([$"{{handler=\"{path}\"}} {text.Length}"], app.Series("http_response_size_bytes"));
    }

    [Fact]
    public async Task A_body_that_was_not_chosen_is_not_kept()
    {
        var kept = -1;
        await using var app = await StartAsync(
            config => config with { BodyHandlers = ["json"] },
            info => kept = info.Response.Body.Length);

        await app.SendAsync("GET", "/stream");

        Assert.Equal(0, kept);
        Assert.Equal(["{handler=\"/stream\"} 0"], app.Series("http_response_size_bytes"));
    }

    [Fact]
    public async Task A_long_body_is_kept_up_to_the_limit_and_counted_whole()
    {
        var kept = "";
        await using var app = await StartAsync(
            config => config with { BodyHandlers = [""], BodyLimit = 3 },
            info => kept = Encoding.UTF8.GetString(info.Response.Body.Span));

        await app.SendAsync("GET", "/stream");

        Assert.Equal("one", kept);
        Assert.Equal(["{handler=\"/stream\"} 8"], app.Series("http_response_size_bytes"));
    }

    [Fact]
    public async Task A_chosen_body_still_streams()
    {
        var release = new TaskCompletionSource();
        await using var app = await StartAsync(config => config with { BodyHandlers = [""] }, _ => { }, release.Task);

        using var response = await app.Client.GetAsync(
            new Uri("/held-back", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var first = new byte[5];
        await body.ReadExactlyAsync(first, TestContext.Current.CancellationToken);
        release.SetResult();
        using var rest = new StreamReader(body);

        Assert.Equal(
            ("first", "rest"),
            (Encoding.UTF8.GetString(first), await rest.ReadToEndAsync(TestContext.Current.CancellationToken)));
    }

    private static Task<TestApp> StartAsync(Func<Config, Config> rules, Action<Info> record, Task? release = null) =>
        TestApp.StartAsync(
        app =>
        {
            app.UseInstrumentator();
            app.UseRouting();
            app.MapGet("/stream", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("one,");
                await context.Response.Body.FlushAsync();
                await context.Response.WriteAsync("two,");
            });
            app.MapGet("/writer", async (HttpContext context) =>
            {
                await context.Response.BodyWriter.WriteAsync("writer, "u8.ToArray());
                context.Response.BodyWriter.Write("then "u8);
                await context.Response.BodyWriter.FlushAsync();
                await context.Response.Body.WriteAsync("stream"u8.ToArray());
            });
            app.MapGet("/mixed", async (HttpContext context) =>
            {
                context.Response.BodyWriter.Write("one,"u8);
                await context.Response.Body.WriteAsync("two,"u8.ToArray());
                context.Response.BodyWriter.Write("three,"u8);
                await context.Response.WriteAsync("four");
            });
            app.MapGet("/begun", async (HttpContext context) =>
            {
                context.Response.BodyWriter.Write("["u8);
                await context.Response.StartAsync();
                await context.Response.Body.FlushAsync();
                await context.Response.Body.WriteAsync("x"u8.ToArray());
            });
            app.MapGet("/json", () => new { text = "json" });
            app.MapGet("/file", SendFileAsync);
            app.MapGet("/completed", async (HttpContext context) =>
            {
                context.Response.BodyWriter.Write("done"u8);
                await context.Response.CompleteAsync();
            });
            app.MapGet("/sized", (HttpContext context) =>
            {
                context.Response.ContentLength = 5;
                return context.Response.WriteAsync("sized");
            });
            app.MapGet("/held-back", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("first");
                await context.Response.Body.FlushAsync();
                await release!;
                await context.Response.WriteAsync("rest");
            });
        },
            it => it.With(rules)
                .Add(Metrics.From(record))
                .Add(Metrics.ResponseSize(new() { Method = false, Status = false })));

    private static async Task SendFileAsync(HttpContext context)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "from a file");
            await context.Response.SendFileAsync(path, 0, null);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
