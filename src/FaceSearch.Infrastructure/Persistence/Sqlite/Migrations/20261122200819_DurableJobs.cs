using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceSearch.Infrastructure.Persistence.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class DurableJobs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_enrolment_jobs_State",
                table: "enrolment_jobs");

            migrationBuilder.AddColumn<bool>(
                name: "CancelRequested",
                table: "enrolment_jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "DoneBefore",
                table: "enrolment_jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "LeasedUntil",
                table: "enrolment_jobs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Owner",
                table: "enrolment_jobs",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "ProgressedAt",
                table: "enrolment_jobs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "ResumedAt",
                table: "enrolment_jobs",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "face_removals",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    CollectionId = table.Column<long>(type: "INTEGER", nullable: false),
                    FaceId = table.Column<long>(type: "INTEGER", nullable: false),
                    RemovedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_face_removals", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_enrolment_jobs_State_Id",
                table: "enrolment_jobs",
                columns: new[] { "State", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_enrolment_items_JobId_Outcome_Position",
                table: "enrolment_items",
                columns: new[] { "JobId", "Outcome", "Position" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "face_removals");

            migrationBuilder.DropIndex(
                name: "IX_enrolment_jobs_State_Id",
                table: "enrolment_jobs");

            migrationBuilder.DropIndex(
                name: "IX_enrolment_items_JobId_Outcome_Position",
                table: "enrolment_items");

            migrationBuilder.DropColumn(
                name: "CancelRequested",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "DoneBefore",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "LeasedUntil",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "Owner",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "ProgressedAt",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "ResumedAt",
                table: "enrolment_jobs");

            migrationBuilder.CreateIndex(
                name: "IX_enrolment_jobs_State",
                table: "enrolment_jobs",
                column: "State");
        }
    }
}
