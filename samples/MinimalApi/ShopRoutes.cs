using Microsoft.AspNetCore.Http.HttpResults;

namespace MinimalApi;

internal static class ShopRoutes
{
    /// <summary>The duration of <c>/slow</c>.</summary>
    private static readonly TimeSpan _slow = TimeSpan.FromMilliseconds(200);

    public static void MapShop(this WebApplication app)
    {
        app.MapGet("/", () => "This is the shop. Its products are at /products, its metrics are at /metrics.\n");
        app.MapGet("/products", () => Catalogue.Products);
        app.MapGet("/products/{id:int}", Results<Ok<Product>, NotFound> (int id) =>
            Catalogue.Find(id) is { } product ? TypedResults.Ok(product) : TypedResults.NotFound());
        app.MapPost("/orders", TakeOrder);
        app.MapWarehouse();

        app.MapGet("/slow", async (CancellationToken cancelled) =>
        {
            await Task.Delay(_slow, cancelled);
            return "done";
        });
        app.MapGet("/fail", IResult () => throw new DeliberateException());
        app.MapGet(
            "/export/{kilobytes:int:range(1,1024)}",
            (int kilobytes) => TypedResults.Bytes(new byte[kilobytes * 1024]));
        app.MapGet("/health", () => "healthy").DisableInstrumentation();

        // snippet:conventions
        app.MapGet("/ready", () => "ready")
            .DisableInstrumentation();              // not measured at all
        app.MapGet("/p/{slug}", () => Results.Redirect("/products"))
            .WithHandlerLabel("short link");        // handler="short link" in place of "/p/{slug}"
        // endsnippet
    }

    private static void MapWarehouse(this WebApplication app)
    {
        var warehouse = app.MapGroup("/warehouse");
        warehouse.MapGet(
            "/stock",
            () => Catalogue.Products.ToDictionary(product => product.Name, product => product.Id * 10));
        warehouse.MapPut(
            "/stock/{id:int}",
            Results<NoContent, NotFound> (int id) =>
                Catalogue.Find(id) is null ? TypedResults.NotFound() : TypedResults.NoContent());
    }

    private static Results<Created<Order>, ProblemHttpResult> TakeOrder(Order order)
    {
        if (order.Quantity < 1 || Catalogue.Find(order.Product) is null)
        {
            return TypedResults.Problem(
                "Order at least one of a product that there is.",
                statusCode: StatusCodes.Status400BadRequest);
        }

        ShopMetrics.CountOrder(order);
        return TypedResults.Created($"/orders/{Guid.NewGuid()}", order);
    }
}
