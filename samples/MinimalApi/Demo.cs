using System.Net.Http.Headers;
using System.Text;

namespace MinimalApi;

/// <summary>Sends requests to the shop, so that its metrics have values.</summary>
internal static class Demo
{
    private const int Most = 6_000;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private static readonly Func<HttpRequestMessage>[] _requests =
    [
        () => new(HttpMethod.Get, "/products"),
        () => new(HttpMethod.Get, $"/products/{Any(1, 4)}"),
        () => new(HttpMethod.Get, "/products/999"),
        () => new(HttpMethod.Delete, "/products"),
        () =>
            Order(
                $$"""{ "product": {{Any(1, 4)}}, "quantity": {{Any(1, 3)}}, "country": "{{AnyOf("AT", "CH", "DE", "FR", "US")}}" }"""),
        () => Order("""{ "product": 1, "quantity": 0, "country": "DE" }"""),
        () => Order("no order"),
        () => new(HttpMethod.Get, "/warehouse/stock"),
        () => new(HttpMethod.Put, $"/warehouse/stock/{Any(1, 5)}"),
        () => new(HttpMethod.Get, "/slow"),
        () => new(HttpMethod.Get, "/fail"),
        () => new(HttpMethod.Get, $"/export/{Any(1, 64)}"),
        () => new(HttpMethod.Get, "/p/teapot"),
        () => new(HttpMethod.Get, $"/nowhere/{Any(1, 1_000)}"),
    ];

    /// <summary>Sends each request once, then random ones until the maximum is reached or the app stops.</summary>
    public static async Task RunAsync(string address, CancellationToken stopping)
    {
        Console.WriteLine(
            "Demo: for ten minutes the shop gets about ten requests a second, on every route; some are wrong on "
                + "purpose.");
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(address),
        };
        try
        {
            for (var sent = 0; sent < Most; sent++)
            {
                await SendAsync(client, sent < _requests.Length ? _requests[sent]() : AnyOf(_requests)(), stopping);
                await Task.Delay(_pause, stopping);
            }
        }
        catch (Exception e)
            when (stopping.IsCancellationRequested && e is OperationCanceledException or HttpRequestException)
        {
            // The app stops, and the demo with it.
        }
    }

    private static async Task SendAsync(HttpClient client, HttpRequestMessage request, CancellationToken stopping)
    {
        using (request)
        {
            request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(AnyOf("de-DE", "en-GB", "fr", "ja")));
            using var response = await client.SendAsync(request, stopping);
        }
    }

    private static HttpRequestMessage Order(string body) =>
        new(HttpMethod.Post, "/orders") { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static int Any(int first, int last) => Random.Shared.Next(first, last + 1);

    private static T AnyOf<T>(params T[] choices) => Random.Shared.GetItems(choices, 1)[0];
}
