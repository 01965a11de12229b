using System.Collections.Concurrent;

namespace Instrumentator.Attack;

/// <summary>Clients of many kinds at once, good and bad; each counts what it did.</summary>
internal sealed class Traffic(HostileApp app, int seed) : IDisposable
{
    private readonly SocketsHttpHandler _handler = new() { PooledConnectionLifetime = TimeSpan.FromSeconds(5) };
    private readonly ConcurrentDictionary<string, long> _answered = new(StringComparer.Ordinal);
    private HttpClient? _client;
    private long _requests;
    private long _scrapes;
    private long _refused;
    private long _bytes;

    /// <summary>Requests that were answered, by method, route and status: of routes that only clients ask for who wait
    /// for the answer.</summary>
    public IReadOnlyDictionary<string, long> Answered => _answered;

    /// <summary>Requests that were sent, whole or not.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Scrapes that were read and judged.</summary>
    public long Scrapes => Interlocked.Read(ref _scrapes);

    /// <summary>Scrapes that were one too many.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Bytes of bodies that clients got.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    private HttpClient Client =>
        LazyInitializer.EnsureInitialized(
            ref _client,
            () => new HttpClient(_handler, disposeHandler: false) { BaseAddress = app.Address });

    /// <summary>All kinds of clients, until it is over.</summary>
    public Task RunAsync(CancellationToken over) => Task.WhenAll(
    [
        .. Enumerable.Range(0, 4).Select(i => RepeatAsync(i, GoodAsync, over)),
        .. Enumerable.Range(4, 4).Select(i => RepeatAsync(i, HostileAsync, over)),
        .. Enumerable.Range(8, 2).Select(i => RepeatAsync(i, AbortedAsync, over)),
        .. Enumerable.Range(10, 2).Select(i => RepeatAsync(i, ScrapeAsync, over)),
    ]);

    public void Dispose()
    {
        _client?.Dispose();
        _handler.Dispose();
    }

    private async Task RepeatAsync(int number, Func<Random, Task> act, CancellationToken over)
    {
        await Task.Yield();
        for (var random = new Random(unchecked((seed * 31) + number)); !over.IsCancellationRequested;)
            await act(random);
    }

    private async Task GoodAsync(Random random)
    {
        var (method, path, route) = random.Next(6) switch
        {
            0 => ("GET", $"/good/{random.Next()}", "/good/{id:int}"),
            1 => ("POST", "/good/echo", "/good/echo"),
            2 => ("DELETE", "/good/echo", "/good/echo"),
            3 => ("GET", "/good/stream", "/good/stream"),
            4 => ("GET", "/good/boom", "/good/boom"),
            _ => ("HEAD", "/good/head", "/good/head"),
        };
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = method == "POST" ? new ByteArrayContent(new byte[random.Next(20_000)]) : null,
        };
        using var response = await Client.SendAsync(request);
        Note(await response.Content.ReadAsByteArrayAsync());
        _answered.AddOrUpdate($"{method} {route} {(int)response.StatusCode}", 1, (_, count) => count + 1);
    }

    private async Task HostileAsync(Random random)
    {
        var answer = await RawClient.SendAsync(
            app.EndPoint,
            random.Next(2) == 0 ? Corpus.All[random.Next(Corpus.All.Count)] : Mutation.Of(random, Corpus.All));
        Interlocked.Add(ref _scrapes, ScrapeJudge.Judge(answer));
        Note(answer);
    }

    // Gone before the answer, or in the middle of it.
    private async Task AbortedAsync(Random random)
    {
        using var gone = new CancellationTokenSource(random.Next(0, 30));
        try
        {
            using var response = await Client.GetAsync(
                random.Next(3) switch
                {
                    0 => "/wait",
                    1 => "/stream",
                    _ => "/metrics",
                },
                HttpCompletionOption.ResponseHeadersRead,
                gone.Token);
            Note(await response.Content.ReadAsByteArrayAsync(gone.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            Note([]);
        }
    }

    private async Task ScrapeAsync(Random random)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            random.Next(4) == 0 ? "/metrics?name[]=http_requests_total" : "/metrics");
        request.Headers.TryAddWithoutValidation(
            "Accept",
            ExpositionFormat.All[random.Next(ExpositionFormat.All.Count)].ContentType);
        using var response = await Client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        Note(body);
        if (response.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable)
            Interlocked.Increment(ref _refused);
        else
            Judge(response, body);
    }

    private void Judge(HttpResponseMessage response, byte[] body)
    {
        Assert.Equal(200, (int)response.StatusCode);
        ScrapeJudge.Judge(response.Content.Headers.NonValidated["Content-Type"].ToString(), body);
        Interlocked.Increment(ref _scrapes);
    }

    private void Note(byte[] body)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytes, body.Length);
    }
}
