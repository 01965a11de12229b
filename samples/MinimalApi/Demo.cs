using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;

namespace MinimalApi;

/// <summary>Sends requests to the shop, so that its live page and its metrics have something to show.</summary>
internal static class Demo
{
    private const int Most = 24_000;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(25);

    // Each with its share of all requests.
    private static readonly Func<HttpRequestMessage>[] _requests =
    [
        .. Times(20, () => new(HttpMethod.Get, "/products")),
        .. Times(20, () => new(HttpMethod.Get, $"/products/{Any(1, 4)}")),
        .. Times(1, () => new(HttpMethod.Get, "/products/999")),
        .. Times(1, () => new(HttpMethod.Delete, "/products")),
        .. Times(10, () => Order(
            $$"""{ "product": {{Any(1, 4)}}, "quantity": {{Any(1, 3)}}, "country": "{{AnyOf("AT", "CH", "DE", "FR", "US")}}" }""")),
        .. Times(1, () => Order("""{ "product": 1, "quantity": 0, "country": "DE" }""")),
        .. Times(1, () => Order("no order")),
        .. Times(3, () => new(HttpMethod.Get, "/warehouse/stock")),
        .. Times(3, () => new(HttpMethod.Put, $"/warehouse/stock/{Any(1, 5)}")),
        .. Times(3, () => new(HttpMethod.Get, $"/export/{Any(1, 64)}")),
        .. Times(2, () => new(HttpMethod.Get, "/p/teapot")),
        .. Times(2, () => new(HttpMethod.Get, $"/nowhere/{Any(1, 1_000)}")),
        .. Times(8, () => new(HttpMethod.Post, "/payments")),
        .. Times(12, () => new(HttpMethod.Get, $"/recommendations/{Any(1, 4)}")),
        .. Times(12, () => new(HttpMethod.Get, "/search?q=tea")),
        .. Times(2, () => new(HttpMethod.Get, $"/reports/{Any(1, 12)}")),
    ];

    /// <summary>Sends random requests, some of them at the same time, until the maximum is reached or the app
    /// stops.</summary>
    public static async Task RunAsync(string address, CancellationToken stopping)
    {
        Console.WriteLine(
            "Demo: for ten minutes the shop gets about 40 requests a second. Some handlers fail or are slow on purpose: "
                + "see on the page which ones, and since when.");
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(address),
        };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAll(
            SendAllAsync(client, ending), ViewOffersAsync(client, ending.Token), ViewOffersAsync(client, ending.Token));
    }

    // When all are sent, the viewers leave, too.
    private static async Task SendAllAsync(HttpClient client, CancellationTokenSource ending)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = ending.Token };
        await UntilItEndsAsync(
            () => Parallel.ForEachAsync(
                RequestsAsync(ending.Token), options, (request, cancelled) => SendAsync(client, request, cancelled)),
            ending.Token);
        await ending.CancelAsync();
    }

    // Requests do not wait for the responses to earlier ones, unless many are slow.
    private static async IAsyncEnumerable<HttpRequestMessage> RequestsAsync(
        [EnumeratorCancellation] CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(_pause);
        for (var sent = 0; sent < Most && await timer.WaitForNextTickAsync(stopping); sent++)
            yield return AnyOf(_requests)();
    }

    private static async ValueTask SendAsync(
        HttpClient client, HttpRequestMessage request, CancellationToken stopping)
    {
        using (request)
        {
            request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(AnyOf("de-DE", "en-GB", "fr", "ja")));
            using var response = await client.SendAsync(request, stopping);
        }
    }

    // The response goes on until one of both sides ends it.
    private static Task ViewOffersAsync(HttpClient client, CancellationToken ending) => UntilItEndsAsync(
        async () =>
        {
            await using var offers = await client.GetStreamAsync("/offers", ending);
            await offers.CopyToAsync(Stream.Null, ending);
        },
        ending);

    private static async Task UntilItEndsAsync(Func<Task> work, CancellationToken ending)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (ending.IsCancellationRequested
            && e is OperationCanceledException or HttpRequestException or IOException)
        {
            // The app stops, or has been sent everything, and the demo ends with it.
        }
    }

    private static HttpRequestMessage Order(string body) =>
        new(HttpMethod.Post, "/orders") { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static IEnumerable<Func<HttpRequestMessage>> Times(int times, Func<HttpRequestMessage> request) =>
        Enumerable.Repeat(request, times);

    private static int Any(int first, int last) => Random.Shared.Next(first, last + 1);

    private static T AnyOf<T>(params T[] choices) => Random.Shared.GetItems(choices, 1)[0];
}
