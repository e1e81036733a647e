"""The house: rules, labels, rows, trends, and when a film came. Films that are there already count as there from the beginning."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recommendations', '0018_any_catalogue'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PageRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, unique=True, verbose_name='row')),
                ('place', models.PositiveSmallIntegerField(verbose_name='place')),
                ('is_shown', models.BooleanField(default=True, verbose_name='shown')),
            ],
            options={
                'verbose_name': 'row of the list page',
                'verbose_name_plural': 'rows of the list page',
                'ordering': ('place', 'kind'),
            },
        ),
        migrations.AddField(
            model_name='movie',
            name='added_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='Empty for the films that the catalogue began with.', null=True, verbose_name='added at'),
        ),
        migrations.AlterField(
            model_name='movie',
            name='added_at',
            field=models.DateTimeField(blank=True, default=django.utils.timezone.now, editable=False, help_text='Empty for the films that the catalogue began with.', null=True, verbose_name='added at'),
        ),
        migrations.CreateModel(
            name='FilmTrend',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField(verbose_name='days')),
                ('source', models.CharField(blank=True, help_text='Digest of the data; empty for people of this site.', max_length=64, verbose_name='data')),
                ('movie_id', models.PositiveIntegerField(verbose_name='film')),
                ('people', models.PositiveIntegerField(verbose_name='people')),
                ('until', models.DateField(verbose_name='until')),
            ],
            options={
                'verbose_name': 'trend',
                'verbose_name_plural': 'trends',
                'ordering': ('-people', 'movie_id'),
                'constraints': [models.UniqueConstraint(fields=('days', 'source', 'movie_id'), name='one_trend_per_film')],
            },
        ),
        migrations.CreateModel(
            name='HouseRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('act', models.CharField(choices=[('pin', 'pin: the one that fits best comes first'), ('boost', 'boost: they move up'), ('bury', 'bury: they come last'), ('hide', 'hide: they are not recommended')], max_length=5, verbose_name='what happens')),
                ('field', models.CharField(choices=[('genre', 'genre'), ('decade', 'decade'), ('tag', 'house tag'), ('key', 'film (its key)')], max_length=6, verbose_name='films by')),
                ('value', models.CharField(help_text='A genre (Western), a decade (1990), the name of a house tag, or a film’s key.', max_length=100, verbose_name='which')),
                ('strength', models.PositiveSmallIntegerField(default=2, help_text='1 a little, 2 clearly, 3 as far as the whole list is wide.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3)], verbose_name='strength of a boost')),
                ('audience', models.CharField(choices=[('everyone', 'everyone'), ('newcomers', 'newcomers (fewer than five ratings)')], default='everyone', max_length=9, verbose_name='for whom')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='made at')),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ended at')),
                ('made_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
            ],
            options={
                'verbose_name': 'house rule',
                'verbose_name_plural': 'house rules',
                'ordering': ('ended_at', '-created_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='HouseTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='name')),
                ('movies', models.ManyToManyField(blank=True, related_name='house_tags', to='recommendations.movie', verbose_name='films')),
            ],
            options={
                'verbose_name': 'house tag',
                'verbose_name_plural': 'house tags',
                'ordering': ('name',),
            },
        ),
    ]
