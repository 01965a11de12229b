using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Instrumentator.Parity;

/// <summary>Runs a scenario against this library.</summary>
internal sealed class Replayer
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(60);

    private readonly Scenario _scenario;
    private readonly Registries _registries;
    private readonly List<InfoNote> _infos = [];
    private readonly List<string> _notes = [];

    private readonly Action<WebApplication> _map;

    private Replayer(Scenario scenario, Action<WebApplication> map, Registries registries) =>
        (_scenario, _map, _registries) = (scenario, map, registries);

    private Registry Registry => _registries.Find(_scenario.Constructor.Registry);

    /// <summary>What came of it, and what to know when that is not what was expected.</summary>
    /// <param name="scenario">What is run.</param>
    /// <param name="map">Maps the app.</param>
    /// <param name="registry">Makes the registries that it is recorded in.</param>
    /// <param name="cancellationToken">Given up.</param>
    public static async Task<(Result Result, List<string> Notes)> RunAsync(
        Scenario scenario, Action<WebApplication> map, Func<Registry> registry, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(_longest);
        var replayer = new Replayer(scenario, map, new Registries(registry));
        return (await replayer.RunAsync(limited.Token), replayer._notes);
    }

    private async Task<Result> RunAsync(CancellationToken cancellationToken)
    {
        using var environment = new ScriptedEnvironment(_scenario.Env);
        ParityHost host;
        try
        {
            host = await ParityHost.StartAsync(
                _scenario,
                new OptionMapping(_registries, _infos).Build(_scenario),
                _map,
                cancellationToken);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return new Result { SetupRaises = Texts.Of(e) };
        }
        await using (host)
            return await RunAsync(host, cancellationToken);
    }

    private async Task<Result> RunAsync(ParityHost host, CancellationToken cancellationToken)
    {
        var sent = new List<Task<(Answer Answer, IHeaderDictionary, byte[])>>();
        var held = new List<(Roundtrip Roundtrip, Task Sending)>();
        foreach (var script in _scenario.Requests)
        {
            var roundtrip = Start(script);
            var sending = host.SendAsync(roundtrip, cancellationToken);
            sent.Add(sending);
            if (script.InFlight)
                held.Add((roundtrip, sending));
            await Task.WhenAny(sending, script.InFlight ? roundtrip.Arrived : sending);
        }

        var scrape = await ScrapeAsync(host, cancellationToken);
        foreach (var (roundtrip, sending) in held)
        {
            roundtrip.Release();
            await sending;
        }

        return new Result
        {
            Responses = [.. (await Task.WhenAll(sent)).Select(one => one.Answer)],
            Scrape = scrape,
            AfterRelease = held.Count == 0 ? null : new AfterRelease { Families = TextOf(Registry) },
            Infos = _scenario.Add.Any(one => one.Metric is "probe" or "async_probe") ? [.. _infos] : null,
        };
    }

    private async Task<ScrapeAnswer> ScrapeAsync(ParityHost host, CancellationToken cancellationToken)
    {
        if (_scenario.Expose is null)
        {
            return new ScrapeAnswer
            {
                Families = TextOf(Registry),
                FamiliesOfDefaultRegistry = TextOf(_registries.Default),
            };
        }

        var script = new RequestScript
        {
            Method = "GET",
            Path = _scenario.ScrapePath,
            Headers = _scenario.Scrape.Headers,
            Clock = _scenario.Scrape.Clock,
        };
        var (answer, headers, body) = await host.SendAsync(Start(script), cancellationToken);
        return new ScrapeAnswer
        {
            Status = answer.Status,
            Raises = answer.Raises,
            Headers = new[] { "content-type", "content-encoding" }
                .Where(headers.ContainsKey)
                .ToDictionary(name => name, name => headers[name].ToString()),
            Families = answer.Status == StatusCodes.Status200OK
                ? TextOf(body, headers.ContentEncoding == "gzip")
                : TextOf(Registry),
            FamiliesOfDefaultRegistry = TextOf(_registries.Default),
        };
    }

    private Roundtrip Start(RequestScript script)
    {
        var roundtrip = new Roundtrip(script);
        if (!roundtrip.Clock.Ticks.IsExact)
        {
            _notes.Add(
                $"No clock of whole ticks has the times of {script.Method} {script.Path} exactly: "
                + $"{string.Join(", ", script.Clock)}.");
        }

        return roundtrip;
    }

    private static string TextOf(Registry registry) => registry.ToText();

    private static string TextOf(byte[] body, bool compressed)
    {
        if (!compressed)
            return Encoding.UTF8.GetString(body);
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var text = new StreamReader(gzip, Encoding.UTF8);
        return text.ReadToEnd();
    }
}
