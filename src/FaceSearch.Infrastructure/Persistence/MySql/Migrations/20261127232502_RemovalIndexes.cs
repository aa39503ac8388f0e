using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceSearch.Infrastructure.Persistence.MySql.Migrations
{
    /// <inheritdoc />
    public partial class RemovalIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_face_removals_CollectionId_RemovedAt",
                table: "face_removals",
                columns: new[] { "CollectionId", "RemovedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_enrolment_jobs_CollectionId_DropsArchive",
                table: "enrolment_jobs",
                columns: new[] { "CollectionId", "DropsArchive" });

            // Last: MySQL needs one of the two for the foreign key.
            migrationBuilder.DropIndex(
                name: "IX_enrolment_jobs_CollectionId",
                table: "enrolment_jobs");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_face_removals_CollectionId_RemovedAt",
                table: "face_removals");

            migrationBuilder.CreateIndex(
                name: "IX_enrolment_jobs_CollectionId",
                table: "enrolment_jobs",
                column: "CollectionId");

            migrationBuilder.DropIndex(
                name: "IX_enrolment_jobs_CollectionId_DropsArchive",
                table: "enrolment_jobs");
        }
    }
}
