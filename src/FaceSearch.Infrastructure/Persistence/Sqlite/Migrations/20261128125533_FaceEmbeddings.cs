using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceSearch.Infrastructure.Persistence.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class FaceEmbeddings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "EmbeddingsDropped",
                table: "enrolment_jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            // WITHOUT ROWID stores the rows in the order of their key, which EF Core can't say.
            migrationBuilder.Sql(
                """
                CREATE TABLE "face_embeddings" (
                    "FaceId" INTEGER NOT NULL,
                    "Model" TEXT NOT NULL,
                    "Embedding" BLOB NOT NULL,
                    CONSTRAINT "PK_face_embeddings" PRIMARY KEY ("FaceId", "Model"),
                    CONSTRAINT "FK_face_embeddings_faces_FaceId" FOREIGN KEY ("FaceId") REFERENCES "faces" ("Id") ON DELETE CASCADE
                ) WITHOUT ROWID;
                INSERT INTO "face_embeddings" SELECT "Id", "Model", "Embedding" FROM "faces" ORDER BY "Id";
                INSERT OR IGNORE INTO "face_embeddings"
                    SELECT s."FaceId", j."Model", s."Embedding"
                    FROM "shadow_embeddings" s JOIN "enrolment_jobs" j ON j."Id" = s."JobId"
                    WHERE j."Model" IS NOT NULL;
                """);

            migrationBuilder.DropTable(name: "shadow_embeddings");

            // EF Core's own operation makes the table anew. SQLite then forgets its counter, and gives new faces the ids of removed ones.
            migrationBuilder.Sql(
                """
                ALTER TABLE "faces" DROP COLUMN "Embedding";
                ALTER TABLE "faces" DROP COLUMN "Model";
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "Embedding",
                table: "faces",
                type: "BLOB",
                fixedLength: true,
                maxLength: 512,
                nullable: false,
                defaultValue: new byte[0]);

            migrationBuilder.AddColumn<string>(
                name: "Model",
                table: "faces",
                type: "TEXT",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "shadow_embeddings",
                columns: table => new
                {
                    JobId = table.Column<Guid>(type: "TEXT", nullable: false),
                    FaceId = table.Column<long>(type: "INTEGER", nullable: false),
                    Embedding = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 512, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_shadow_embeddings", x => new { x.JobId, x.FaceId });
                    table.ForeignKey(
                        name: "FK_shadow_embeddings_enrolment_jobs_JobId",
                        column: x => x.JobId,
                        principalTable: "enrolment_jobs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_shadow_embeddings_faces_FaceId",
                        column: x => x.FaceId,
                        principalTable: "faces",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_shadow_embeddings_FaceId",
                table: "shadow_embeddings",
                column: "FaceId");

            // The embeddings of unfinished re-embeddings are left out: a retry makes them again.
            migrationBuilder.Sql(
                """
                UPDATE "faces" SET
                    "Model" = (SELECT c."Model" FROM "collections" c WHERE c."Id" = "faces"."CollectionId"),
                    "Embedding" = COALESCE((
                        SELECT e."Embedding" FROM "face_embeddings" e JOIN "collections" c ON c."Model" = e."Model"
                        WHERE e."FaceId" = "faces"."Id" AND c."Id" = "faces"."CollectionId"), x'');
                """);

            migrationBuilder.DropTable(name: "face_embeddings");

            migrationBuilder.DropColumn(name: "EmbeddingsDropped", table: "enrolment_jobs");
        }
    }
}
