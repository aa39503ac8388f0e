using FaceSearch.Client;
var client = FaceSearchClient.Connect(new Uri(args[0]), args[1]);
Console.WriteLine((await client.ListJobsAsync()).Jobs.Count);
