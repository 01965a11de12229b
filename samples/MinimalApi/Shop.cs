namespace MinimalApi;

internal sealed record Product(int Id, string Name, decimal Price);

internal sealed record Order(int Product, int Quantity, string Country);

/// <summary>The exception that <c>/fail</c> throws on purpose.</summary>
internal sealed class DeliberateException() : Exception("This route always fails.");

internal static class Catalogue
{
    public static IReadOnlyList<Product> Products { get; } =
        [new(1, "Kettle", 29.90m), new(2, "Teapot", 34.50m), new(3, "Cup", 6.00m), new(4, "Spoon", 2.20m)];

    public static Product? Find(int id) => Products.FirstOrDefault(product => product.Id == id);
}
