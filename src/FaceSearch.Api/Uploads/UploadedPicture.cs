namespace FaceSearch.Api.Uploads;

public sealed record UploadedPicture(ReadOnlyMemory<byte> Bytes, string FileName);
