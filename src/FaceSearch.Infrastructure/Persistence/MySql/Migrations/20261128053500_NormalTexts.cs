using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceSearch.Infrastructure.Persistence.MySql.Migrations
{
    /// <summary>Changes no table: it marks a database whose texts <see cref="TextNormalizer"/> has normalized.</summary>
    public partial class NormalTexts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
        }
    }
}
