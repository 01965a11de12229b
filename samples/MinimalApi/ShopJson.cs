using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace MinimalApi;

/// <summary>The types that the shop reads and writes as JSON, known at compile time, so the app can be
/// trimmed.</summary>
[JsonSerializable(typeof(IReadOnlyList<Product>))]
[JsonSerializable(typeof(Dictionary<string, int>))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class ShopJson : JsonSerializerContext;
