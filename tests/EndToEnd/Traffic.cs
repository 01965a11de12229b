using System.Text;

namespace Instrumentator.EndToEnd;

/// <summary>A request, sent some times over, and what must be known of it afterwards.</summary>
/// <param name="Handler">The label; null where it must leave no trace.</param>
internal sealed record PlannedRequest(string Method, string Path, string? Handler, int Status, int Times)
{
    public string MethodLabel { get; init; } = Method;

    public string? Body { get; init; }

    public string BodyType { get; init; } = "application/json";

    public string? Languages { get; init; }

    public string StatusLabel => $"{Status / 100}xx";

    public string LanguageLabel { get; init; } = "other";

    /// <summary>The label of the country when an order is taken.</summary>
    public string? Country { get; init; }

    public long BodyBytes => Body is null ? 0 : Encoding.UTF8.GetByteCount(Body);

    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(new HttpMethod(Method), Path);
        if (Body is not null)
            message.Content = new StringContent(Body, Encoding.UTF8, BodyType);
        if (Languages is not null)
            message.Headers.TryAddWithoutValidation("Accept-Language", Languages);
        return message;
    }
}

/// <summary>Known traffic, and what the metrics must be after it.</summary>
internal static class Traffic
{
    public const int Slow = 12;

    public static IReadOnlyList<PlannedRequest> Plan { get; } =
    [
        new("GET", "/products", "/products", 200, 5) { Languages = "de-DE,de;q=0.9", LanguageLabel = "de" },
        new("GET", "/Products", "/products", 200, 1),
        new("GET", "/products/1", "/products/{id}", 200, 3) { Languages = "FR", LanguageLabel = "fr" },
        new("GET", "/products/2?colour=blue", "/products/{id}", 200, 2)
        {
            Languages = "en;q=0.5",
            LanguageLabel = "en",
        },
        new("GET", "/products/999", "/products/{id}", 404, 2),
        new("GET", "/products/kettle", "none", 404, 2),
        new("DELETE", "/products", "/products", 405, 2),
        new("BREW", "/products", "/products", 405, 1) { MethodLabel = "_OTHER" },
        Order(201, 3, """{ "product": 1, "quantity": 2, "country": "DE" }""") with { Country = "DE" },
        Order(201, 2, """{ "product": 2, "quantity": 1, "country": "fr" }""") with { Country = "FR" },
        Order(201, 1, """{ "product": 3, "quantity": 1, "country": "Atlantis" }""") with { Country = "other" },
        Order(400, 2, """{ "product": 1, "quantity": 0, "country": "DE" }"""),
        Order(400, 2, "no order"),
        Order(415, 1, "product=1") with { BodyType = "application/x-www-form-urlencoded" },
        new("GET", "/warehouse/stock", "/warehouse/stock", 200, 2),
        new("PUT", "/warehouse/stock/3", "/warehouse/stock/{id}", 204, 2) { Body = "{}" },
        new("PUT", "/warehouse/stock/99", "/warehouse/stock/{id}", 404, 1) { Body = "{}" },
        new("GET", "/slow", "/slow", 200, Slow),
        new("GET", "/fail", "/fail", 500, 3),
        new("GET", "/export/1", "/export/{kilobytes}", 200, 2),
        new("GET", "/export/64", "/export/{kilobytes}", 200, 1),
        new("GET", "/export/0", "none", 404, 1),
        new("GET", "/p/teapot", "short link", 302, 2),
        new("GET", "/nowhere/1", "none", 404, 2),
        new("GET", "/nowhere/2", "none", 404, 1) { Languages = "ja", LanguageLabel = "other" },
        new("GET", "/health", null, 200, 3),
        new("GET", "/ready", null, 200, 2),
        new("GET", "/metrics", null, 200, 2),
    ];

    public static IEnumerable<PlannedRequest> Measured => Plan.Where(request => request.Handler is not null);

    public static int Total => Measured.Sum(request => request.Times);

    /// <summary>The sum over all planned requests by some label of theirs.</summary>
    public static Dictionary<TKey, double> SumBy<TKey>(
        Func<PlannedRequest, TKey> key,
        Func<PlannedRequest, double>? amount = null,
        Func<PlannedRequest, bool>? where = null)
        where TKey : notnull =>
        Measured
            .Where(where ?? (_ => true))
            .GroupBy(key)
            .ToDictionary(
                group => group.Key,
                group => group.Sum(request => request.Times * (amount?.Invoke(request) ?? 1)));

    /// <summary>Sends everything and checks the answers' status.</summary>
    /// <returns>The sum of the <c>Content-Length</c>s of the answers, by handler.</returns>
    public static async Task<Dictionary<string, double>> SendAsync(HttpClient client)
    {
        var sizes = Measured.Select(request => request.Handler!).Distinct().ToDictionary(handler => handler, _ => 0.0);
        foreach (var request in Plan)
        {
            for (var i = 0; i < request.Times; i++)
            {
                var size = await SendAsync(client, request);
                if (request.Handler is not null)
                    sizes[request.Handler] += size;
            }
        }
        return sizes;
    }

    private static async Task<long> SendAsync(HttpClient client, PlannedRequest request)
    {
        using var message = request.ToMessage();

        // A body that was read whole has a length in any case; before, only what the header says.
        using var response = await client.SendAsync(
            message,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);
        Assert.Equal(
            (request.Method, request.Path, request.Status),
            (request.Method, request.Path, (int)response.StatusCode));
        return response.Content.Headers.ContentLength ?? 0;
    }

    private static PlannedRequest Order(int status, int times, string body) =>
        new("POST", "/orders", "/orders", status, times) { Body = body };
}
