"""Data in: reports become claims, claims become series. Never imports Streamlit, plotly or `dashboards`."""
